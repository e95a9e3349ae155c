package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleLockTest {
    private static final long ME = 4711;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ham.lock");
    }

    @Test
    void whoTakesItIsNamedInTheFile() throws IOException {
        try (var lock = RoleLock.open(file)) {
            assertThat(lock.holder()).isEmpty();
            assertThat(lock.held()).isFalse();
            assertThat(lock.take(ME)).isTrue();
            assertThat(lock.held()).isTrue();
            assertThat(lock.holder()).hasValue(ME);
        }
    }

    @Test
    void takingItTwiceIsHoldingIt() throws IOException {
        try (var lock = RoleLock.open(file)) {
            assertThat(lock.take(ME)).isTrue();
            assertThat(lock.take(ME)).isTrue();
        }
    }

    @Test
    void aSecondFrameworkInThisProcessDoesNotGetIt() throws IOException {
        try (var lock = RoleLock.open(file);
                var other = RoleLock.open(file)) {
            assertThat(lock.take(ME)).isTrue();
            assertThat(other.take(ME + 1)).isFalse();
            assertThat(other.holder()).hasValue(ME);
        }
    }

    @Test
    void anotherProcessHoldsItUntilItIsKilled() throws Exception {
        var holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = holder.inputReader();
                var lock = RoleLock.open(file)) {
            assertThat(out.readLine()).isEqualTo("held");
            assertThat(lock.take(ME)).isFalse();
            assertThat(lock.holder()).hasValue(holder.pid());
            holder.destroyForcibly().waitFor();
            assertThat(lock.take(ME)).isTrue();
            assertThat(lock.holder()).hasValue(ME);
        } finally {
            holder.destroyForcibly();
        }
    }

    /** Takes the lock and holds it until it is killed or its standard input ends. */
    static final class Holder {
        private Holder() {}

        @SuppressWarnings("SystemOut") // the test reads it
        public static void main(String[] args) throws IOException {
            var lock = RoleLock.open(Path.of(args[0]));
            System.out.println(lock.take(ProcessHandle.current().pid()) ? "held" : "refused");
            while (System.in.read() >= 0) {
                // wait for the end
            }
        }
    }
}
