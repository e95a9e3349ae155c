package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.ham.api.Attachment;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HeartbeatPage;
import org.ham.api.ProcessId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages as files, and both ends of them. */
class PageFolderTest {
    private static final ProcessId PROCESS = new ProcessId(4711, 99, 1, "boot");

    @TempDir
    private Path runDir;

    private final Set<Long> alive = new HashSet<>(Set.of(4711L, 4712L));

    private PageFolder folder() {
        return new PageFolder(
                runDir.resolve("beats"), runDir.resolve("proc"), process -> alive.contains(process.pid()));
    }

    private static long own() throws IOException {
        return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    }

    private Slots slots(PageFolder folder) {
        return Objects.requireNonNull(folder.open(PROCESS));
    }

    @Test
    void whatAProcessBeatsTheMonitorSees() throws Exception {
        var folder = folder();
        var file = folder.make("web", PROCESS, own());
        try (var slots = slots(folder)) {
            assertThat(slots.used()).isEqualTo(1);
            assertThat(slots.beat(0)).isZero();
            var page = HeartbeatPage.open(file);
            var before = System.nanoTime();
            page.beat();
            assertThat(slots.beat(0)).isBetween(before, System.nanoTime());
            var one = page.register();
            var two = page.register();
            assertThat(slots.used()).isEqualTo(3);
            assertThat(slots.taken(1)).isTrue();
            assertThat(slots.taken(2)).isTrue();
            assertThat(slots.beat(2)).isNotZero();
            one.close();
            assertThat(slots.taken(1)).isFalse();
            var at = slots.beat(1);
            one.beat();
            assertThat(slots.beat(1)).isEqualTo(at);
            page.register();
            assertThat(slots.taken(1)).isTrue();
            assertThat(slots.used()).isEqualTo(3);
            one.close();
            assertThat(slots.taken(1)).as("closed once, not for the next one").isTrue();
            two.close();
        }
    }

    @Test
    void manyThreadsRegisterAtOnceUpToTheLimit() throws Exception {
        var page = HeartbeatPage.open(folder().make("web", PROCESS, own()));
        var beaters = java.util.Collections.synchronizedList(new ArrayList<Attachment.Beater>());
        var go = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 1; i < HeartbeatPage.SLOTS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                    beaters.add(page.register());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        go.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(beaters).hasSize(HeartbeatPage.SLOTS - 1);
        assertThatExceptionOfType(HamException.class)
                .isThrownBy(page::register)
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.LIMIT));
        beaters.getFirst().close();
        page.register();
    }

    @Test
    void aPageIsMadeOnceAndOutlivesWhoMadeIt() throws Exception {
        var file = folder().make("web", PROCESS, own());
        HeartbeatPage.open(file).beat();
        var next = folder();
        assertThat(next.make("web", PROCESS, own())).isEqualTo(file);
        try (var slots = slots(next)) {
            assertThat(slots.beat(0)).isNotZero();
        }
    }

    @Test
    void onlyItsOwnerMayOpenAPage() throws Exception {
        var file = folder().make("web", PROCESS, own());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runDir.resolve("beats"))))
                .isEqualTo("rwx--x--x");
        if (own() == 0) {
            var others = new ProcessId(4712, 1, 1, "boot");
            var given = folder().make("db", others, 65534);
            assertThat(((Number) Files.getAttribute(given, "unix:uid")).longValue())
                    .isEqualTo(65534);
            try (var slots = Objects.requireNonNull(folder().open(others))) {
                var page = HeartbeatPage.open(given);
                page.beat();
                assertThat(slots.used()).isEqualTo(1);
                assertThat(slots.beat(0)).isNotZero();
                for (int i = 0; i < 20; i++) {
                    page.register();
                }
                assertThat(slots.used()).isEqualTo(21);
                assertThat(slots.taken(20)).isTrue();
                assertThat(slots.beat(20)).isNotZero();
                try (var channel = Files.newByteChannel(given, java.nio.file.StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
                assertThat(slots.used()).isEqualTo(1);
                assertThat(slots.beat(0))
                        .as("a page that was cut short is silent")
                        .isZero();
            }
        }
    }

    @Test
    void pagesOfProcessesThatEndedGo() throws Exception {
        var file = folder().make("web", PROCESS, own());
        folder();
        assertThat(file).exists();
        alive.clear();
        folder();
        assertThat(file).doesNotExist();
    }

    @Test
    void aProcessThatLivesGetsAPageOfItsOwner() throws Exception {
        assertThat(folder().provide(PROCESS)).as("it has ended").isNull();
        var self = Files.createDirectories(runDir.resolve("proc/4711"));
        try (var slots = Objects.requireNonNull(folder().provide(PROCESS))) {
            assertThat(slots.used()).isEqualTo(1);
        }
        var file = runDir.resolve("beats").resolve(HeartbeatPage.name(PROCESS));
        HeartbeatPage.open(file).beat();
        try (var slots = Objects.requireNonNull(folder().provide(PROCESS))) {
            assertThat(slots.beat(0)).as("the same page").isNotZero();
        }
        if (own() == 0) {
            Files.setAttribute(self, "unix:uid", 65534);
            try (var slots = Objects.requireNonNull(folder().provide(PROCESS))) {
                assertThat(slots.beat(0)).as("a new page").isZero();
            }
            assertThat(((Number) Files.getAttribute(file, "unix:uid")).longValue())
                    .isEqualTo(65534);
        }
    }

    @Test
    void withoutAHamThisProcessHasNoPage() {
        assertThat(HeartbeatPage.ofThisProcess(java.time.Duration.ofSeconds(1))).isEmpty();
    }

    @Test
    void whatIsNoPageIsNotLookedAt() throws Exception {
        var folder = folder();
        assertThat(folder.open(PROCESS)).isNull();
        var file = folder.make("web", PROCESS, own());
        Files.write(file, new byte[HeartbeatPage.SIZE]);
        assertThat(folder.open(PROCESS)).isNull();
        assertThatExceptionOfType(HamException.class)
                .isThrownBy(() -> HeartbeatPage.open(file))
                .withMessageContaining("is no page of beats");
        Files.write(file, new byte[7]);
        assertThat(folder.open(PROCESS)).isNull();
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/etc/passwd"));
        assertThat(folder.open(PROCESS)).isNull();
    }
}
