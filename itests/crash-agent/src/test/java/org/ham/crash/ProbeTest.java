package org.ham.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProbeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private CrashPage page;

    private int deaths;

    /** Has the field that a file of the journal has. */
    private record Written(Path path) {}

    @BeforeEach
    void open() throws IOException {
        page = CrashPage.open(folder.resolve("page"));
    }

    private Probe probe(long pid, boolean guardian) {
        return new Probe(page, pid, page.enter(pid), guardian, () -> deaths++);
    }

    private static void pass(Probe probe, String point, @Nullable Object... objects) {
        probe.accept(point, objects);
    }

    @Test
    void theVictimDiesOnceAtItsTimeAndNobodyElseDoes() throws IOException {
        var victim = probe(7, false);
        var other = probe(8, true);
        CrashPage.open(folder.resolve("page")).arm("A.b before", 3, 7, 1, 500);
        for (var i = 0; i < 5; i++) {
            pass(other, "A.b before", (Object) null);
            pass(victim, "A.b before", (Object) null);
            pass(victim, "A.b after", (Object) null);
            assertThat(deaths).isEqualTo(i < 2 ? 0 : 1);
        }
        assertThat(page.fired()).isEqualTo(7);
        assertThat(page.passed(1)).isEqualTo(Map.of("A.b before", 5L, "A.b after", 5L));
        assertThat(page.passed(0)).isEmpty();
        page.forget(1);
        assertThat(page.passed(1)).isEmpty();
        assertThat(page.started()).containsExactly(7L, 8L);
    }

    @Test
    void onlyWhoStartsAfterwardsIsTheNextOne() {
        var before = probe(7, true);
        page.arm("", 0, CrashPage.NEXT_GUARDIAN, 0, 0);
        var ham = probe(8, false);
        var next = probe(9, true);
        for (var probe : new Probe[] {before, ham}) {
            pass(probe, "A.b before", (Object) null);
        }
        assertThat(page.passed(0)).isEmpty();
        pass(next, "A.b before", (Object) null);
        assertThat(page.passed(0)).containsOnlyKeys("A.b before");
        page.disarm();
        pass(next, "A.b before", (Object) null);
        assertThat(page.passed(0)).containsEntry("A.b before", 1L);
    }

    @Test
    void aWriteThatIsBrokenOffGetsThroughInPartAndThenComesDeath() {
        var probe = probe(7, false);
        var file = new Written(Path.of("/run/journal/00000000000000000001.log"));
        var source = ByteBuffer.allocate(100);
        page.arm("LocalDisk.Steady.write segment broken-off", 1, 7, 0, 250);
        pass(probe, "LocalDisk.Steady.write before", file, source);
        assertThat(source.remaining()).isEqualTo(25);
        assertThat(deaths).isZero();
        pass(probe, "LocalDisk.Steady.write after", file, source);
        assertThat(deaths).isEqualTo(1);
    }

    @Test
    void whatIsRehearsedIsOnePoint() throws InterruptedException {
        var probe = probe(7, false);
        page.arm("", 0, 7, 0, 0);
        var thread = Thread.ofPlatform().name("ham-warm-up").start(() -> {
            pass(probe, "A.b before", (Object) null);
            pass(probe, "C.d before", (Object) null);
        });
        thread.join();
        assertThat(page.passed(0)).isEqualTo(Map.of("warm-up before", 2L));
    }

    @Test
    void eachListedMethodIsOneOfOurs() {
        assertThat(PointTable.methods()).isNotEmpty().allSatisfy((type, methods) -> {
            assertThat(type).startsWith("org/ham/");
            assertThat(methods).isNotEmpty();
        });
        assertThat(PointTable.name("org/ham/journal/LocalDisk$Steady", "write")).isEqualTo("LocalDisk.Steady.write");
    }
}
