package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ReactorTest {
    private final Linux linux = Linux.open();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        linux.close();
    }

    @Test
    void aWakeBeforeTheWaitEndsTheNextWait() {
        linux.reactor().wake();
        linux.reactor().await(Long.MAX_VALUE);
    }

    @Test
    void aWakeFromAnotherThreadEndsTheWait() throws InterruptedException {
        Thread waiting = Thread.ofPlatform().start(() -> linux.reactor().await(Long.MAX_VALUE));
        linux.reactor().wake();
        waiting.join();
    }

    @Test
    void severalWakesEndOneWait() {
        linux.reactor().wake();
        linux.reactor().wake();
        linux.reactor().await(Long.MAX_VALUE);
        long before = linux.clocks().monotonic();
        linux.reactor().await(3_000_000);
        assertThat(linux.clocks().monotonic() - before).isGreaterThanOrEqualTo(3_000_000);
    }

    @Test
    void waitingForNothingLooksOnly() {
        linux.reactor().await(0);
        linux.reactor().await(-5);
    }

    @Test
    void closingEndsTheWaitAndRefusesLaterOnes() {
        List<Throwable> ended = new CopyOnWriteArrayList<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    linux.reactor().await(Long.MAX_VALUE);
                }
            } catch (LinuxException e) {
                ended.add(e);
            }
        });
        linux.close();
        await().until(() -> !waiting.isAlive());
        assertThat(ended).singleElement().hasToString("org.ham.linux.LinuxException: the reactor is closed");
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> linux.reactor().await(0));
        linux.reactor().wake();
        linux.close();
    }

    @Test
    void aCallbackThatThrowsDoesNotStopTheOthers() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (AutoCloseable first = linux.directories().watch(folder, () -> {
                    throw new IllegalStateException("on purpose");
                });
                AutoCloseable second = linux.directories().watch(folder, calls::incrementAndGet)) {
            assertThat(List.of(first, second)).hasSize(2);
            Files.writeString(folder.resolve("x"), "x");
            told(calls);
        }
    }

    @Test
    void aDirectoryTellsOfChangesUntilItsWatchIsClosed() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<Integer> before = OwnDescriptors.from(0);
        AutoCloseable watch = linux.directories().watch(folder, calls::incrementAndGet);
        linux.reactor().await(0);
        assertThat(calls).hasValue(0);
        Path file = Files.writeString(folder.resolve("a"), "x");
        told(calls);
        Files.move(file, folder.resolve("b"));
        told(calls);
        Files.delete(folder.resolve("b"));
        told(calls);
        watch.close();
        watch.close();
        Files.writeString(folder.resolve("c"), "x");
        linux.reactor().await(0);
        assertThat(calls).hasValue(0);
        assertThat(OwnDescriptors.from(0)).hasSameSizeAs(before);
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> linux.directories().watch(folder.resolve("none"), () -> {}))
                .withMessageContaining("no such file or directory");
    }

    @Test
    void theClockIsTheKernelsMonotonicOne() {
        long before = System.nanoTime();
        long now = linux.clocks().monotonic();
        assertThat(now).isBetween(before, System.nanoTime());
    }

    /** Waits until it was told, at least once, and forgets it. */
    private void told(AtomicInteger calls) {
        while (calls.get() == 0) {
            linux.reactor().await(1_000_000_000L);
        }
        linux.reactor().await(0);
        calls.set(0);
    }
}
