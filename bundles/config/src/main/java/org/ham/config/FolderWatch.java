package org.ham.config;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells, on a thread of its own, when a folder may have changed, has come or gone: level-triggered, once at the start and
 * rather too often than too seldom. A folder that is not there is watched for through the nearest one above it that is.
 */
final class FolderWatch implements AutoCloseable {
    private static final long LOOK_AGAIN_SECONDS = 10;

    private final System.Logger log = System.getLogger("org.ham.config");
    private final Path folder;
    private final Runnable changed;
    private final WatchService watcher;
    private final Thread thread;

    FolderWatch(Path folder, Runnable changed) throws IOException {
        this.folder = folder;
        this.changed = changed;
        this.watcher = folder.getFileSystem().newWatchService();
        this.thread =
                Thread.ofPlatform().daemon().name("ham-" + folder.getFileName()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        var watched = true;
        @Nullable WatchKey key;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                // Registered first and told second, so that nothing slips in between.
                watched = register(watched);
                changed.run();
                do {
                    key = watched ? watcher.take() : watcher.poll(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
                } while (key != null && !concerns(key));
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            Thread.currentThread().interrupt(); // closed: the thread ends
        }
    }

    /** Whether an event is about the folder, its content, or one on the way to it; others' files are not. */
    private boolean concerns(WatchKey key) {
        var place = (Path) key.watchable();
        var events = key.pollEvents();
        var isGone = !key.reset();
        return isGone
                || place.equals(folder)
                || events.stream()
                        .map(WatchEvent::context)
                        .anyMatch(name -> name == null
                                || place.relativize(folder).getName(0).equals(name));
    }

    /** Registering again what is registered costs next to nothing; a folder made anew needs it. */
    private boolean register(boolean watchedBefore) {
        try {
            // The one above the parent tells when the parent itself is moved away or made anew.
            var parent = folder.getParent();
            for (var above :
                    new @Nullable Path[] {nearest(parent), nearest(parent == null ? null : parent.getParent())}) {
                if (above != null) {
                    register(above, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
                }
            }
            if (Files.isDirectory(folder)) {
                register(
                        folder,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_DELETE,
                        StandardWatchEventKinds.ENTRY_MODIFY);
            }
            return true;
        } catch (IOException e) {
            if (watchedBefore) {
                log.log(
                        Level.WARNING,
                        folder + " cannot be watched, looking at it every " + LOOK_AGAIN_SECONDS + " s: " + e);
            }
            return false;
        }
    }

    private void register(Path path, WatchEvent.Kind<?>... kinds) throws IOException {
        path.register(watcher, kinds);
    }

    private static @Nullable Path nearest(@Nullable Path path) {
        var folder = path;
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
