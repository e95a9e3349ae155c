package org.ham.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.ham.linux.FuseMount;
import org.ham.linux.FuseMounts;
import org.ham.linux.LinuxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Its life, on a kernel that writes down what it is asked for. */
class ViewTest {
    private static final byte[] END = new byte[0];

    @TempDir
    private Path folder;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> replies = new ArrayBlockingQueue<>(10);

    @Test
    void takesADeadOneAwayMountsAnswersAndEnds() throws Exception {
        var view = new View(new Scene(), new Recording(Optional.empty()), at("view"), Limits.USUAL);
        requests.add(Kernel.request(Answers.GETATTR, Nodes.TOP, new byte[16]));

        assertThat(replies.take()).isEqualTo(16 + 104);
        assertThat(folder.resolve("view")).isDirectory();
        view.close();
        view.close();
        assertThat(calls).containsExactly("detach", "mount", "close");
    }

    @Test
    void goesOnWithoutWhereItCannotBe() {
        var view = new View(
                new Scene(), new Recording(Optional.of(new LinuxException("no", 1))), at("view"), Limits.USUAL);

        Awaitility.await().until(() -> calls.contains("mount"));
        view.close();
        assertThat(calls).containsExactly("detach", "mount");
    }

    @Test
    void goesOnWithoutWhereAFileIsInTheWay() throws Exception {
        Files.createFile(folder.resolve("view"));
        var view = new View(new Scene(), new Recording(Optional.empty()), at("view"), Limits.USUAL);

        view.close();
        assertThat(calls).doesNotContain("mount");
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        new View(
                        new Scene(),
                        new Recording(Optional.empty()),
                        new Settings(folder, Optional.empty(), false),
                        Limits.USUAL)
                .close();
        assertThat(calls).isEmpty();
    }

    private Settings at(String name) {
        return new Settings(folder, Optional.of(folder.resolve(name)), true);
    }

    private final class Recording implements FuseMounts, FuseMount {
        private final Optional<LinuxException> obstacle;

        Recording(Optional<LinuxException> obstacle) {
            this.obstacle = obstacle;
        }

        @Override
        public FuseMount mount(Path directory) {
            calls.add("mount");
            obstacle.ifPresent(why -> {
                throw why;
            });
            return this;
        }

        @Override
        public boolean isMounted(Path directory) {
            return false;
        }

        @Override
        public void detach(Path directory) {
            calls.add("detach");
        }

        @Override
        public int read(byte[] request) {
            try {
                var next = requests.take();
                System.arraycopy(next, 0, request, 0, next.length);
                return next.length == 0 ? -1 : next.length;
            } catch (InterruptedException _) {
                return -1;
            }
        }

        @Override
        public void write(byte[] reply, int length) {
            replies.add(length);
        }

        @Override
        public void close() {
            if (!calls.contains("close")) {
                calls.add("close");
                requests.add(END);
            }
        }
    }
}
