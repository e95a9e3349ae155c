package org.ham.action.waitfor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Sees a path appear. The kernel tells of it through the nearest folder that exists; a slow second look covers what the
 * kernel does not tell of, such as {@code /proc}, mounts and links. Thread-safe.
 */
final class Appearance {
    /** Each watch takes one of the user's few inotify instances (128 by default); who gets none looks more often. */
    private static final int MOST_WATCHES = 16;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LOOK_UNWATCHED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Semaphore watches = new Semaphore(MOST_WATCHES);
    private final CountDownLatch never = new CountDownLatch(1);

    /** Lets time pass. */
    void pass(long nanos) throws InterruptedException {
        var _ = never.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Waits until the path is there; false when it is not by the time that nothing is left. */
    boolean of(Path path, LongSupplier leftNanos) throws InterruptedException {
        if (Files.exists(path)) {
            return true;
        }
        if (watches.tryAcquire()) {
            try {
                return watched(path, leftNanos);
            } catch (IOException e) {
                // No inotify instance or watch is left, or the folder may not be read: looking still works.
            } finally {
                watches.release();
            }
        }
        while (!Files.exists(path)) {
            var left = leftNanos.getAsLong();
            if (left <= 0) {
                return false;
            }
            pass(Math.min(left, LOOK_UNWATCHED_NANOS));
        }
        return true;
    }

    private static boolean watched(Path path, LongSupplier leftNanos) throws IOException, InterruptedException {
        try (var watcher = path.getFileSystem().newWatchService()) {
            while (true) {
                nearestFolder(path).register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
                // Looked at after registering, so that nothing slips in between.
                if (Files.exists(path)) {
                    return true;
                }
                var left = leftNanos.getAsLong();
                if (left <= 0) {
                    return false;
                }
                var key = watcher.poll(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        }
    }

    private static Path nearestFolder(Path path) {
        var parent = path.getParent();
        return parent == null ? path : Files.isDirectory(parent) ? parent : nearestFolder(parent);
    }
}
