package org.ham.action.waitfor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppearanceTest {
    private static final long PLENTY = TimeUnit.MINUTES.toNanos(5);

    private final Appearance appearance = new Appearance();

    @TempDir
    private Path folder;

    @Test
    void seesWhatIsThereAlreadyThoughNoTimeIsLeft() throws Exception {
        assertThat(appearance.of(folder, () -> 0)).isTrue();
    }

    @Test
    void givesUpWhenNoTimeIsLeft() throws Exception {
        assertThat(appearance.of(folder.resolve("never"), () -> 0)).isFalse();
    }

    @Test
    void seesAFileAppearInAFolderThatIsThere() throws Exception {
        assertThat(appearsAfter(folder.resolve("ready"), 1, () -> Files.createFile(folder.resolve("ready"))))
                .isTrue();
    }

    @Test
    void seesAFileAppearInFoldersThatAppearBeforeIt() throws Exception {
        var path = folder.resolve("a/b/c/ready");

        assertThat(appearsAfter(
                        path,
                        1,
                        () -> Files.createFile(
                                Files.createDirectories(path.getParent()).resolve("ready"))))
                .isTrue();
    }

    @Test
    void seesAFileMovedIntoPlace() throws Exception {
        var other = Files.createFile(folder.resolve("other"));

        assertThat(appearsAfter(folder.resolve("ready"), 1, () -> Files.move(other, folder.resolve("ready"))))
                .isTrue();
    }

    @Test
    void seesItForMoreWaitersThanThereAreWatches() throws Exception {
        assertThat(appearsAfter(folder.resolve("ready"), 40, () -> Files.createFile(folder.resolve("ready"))))
                .isTrue();
    }

    @Test
    void looksSeldomWhileNothingHappens() throws Exception {
        var looks = new AtomicInteger();

        var found = appearance.of(folder.resolve("never"), () -> looks.incrementAndGet() < 3 ? PLENTY : 0);

        assertThat(found).isFalse();
        assertThat(looks).hasValue(3);
    }

    private interface Doing {
        Object run() throws Exception;
    }

    /** Waits for the path on some threads and does something once all of them have looked in vain. */
    private boolean appearsAfter(Path path, int waiters, Doing doing) throws Exception {
        var looking = new Semaphore(0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> found = new ArrayList<>();
            for (int i = 0; i < waiters; i++) {
                var first = new Semaphore(1);
                found.add(threads.submit(() -> appearance.of(path, () -> {
                    if (first.tryAcquire()) {
                        looking.release();
                    }
                    return PLENTY;
                })));
            }
            assertThat(looking.tryAcquire(waiters, 30, TimeUnit.SECONDS)).isTrue();
            doing.run();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> found.stream().allMatch(Future::isDone));
            return found.stream().allMatch(Future::resultNow);
        }
    }
}
