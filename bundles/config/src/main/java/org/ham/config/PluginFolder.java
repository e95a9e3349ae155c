package org.ham.config;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Wakes the installer of plug-ins when their folder changes, so that it need not look every second: an idle node sleeps.
 *
 * <p>The installer (Felix File Install) knows no event of its own; its thread waits on itself between two looks, and that
 * wait can be ended. It takes what looks the same in two looks, so it is woken several times. Without this component, or
 * if the thread is not found, it looks by itself, only later. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class PluginFolder {
    private static final System.Logger LOG = System.getLogger("org.ham.config");
    private static final String THREADS = "fileinstall-";

    /** When it is woken after a change; a copy that takes longer changes the folder again. */
    private static final long[] RINGS_MILLIS = {50, 250, 750, 1500};

    private final ScheduledThreadPoolExecutor rings;
    private final @Nullable FolderWatch watch;
    private final @Nullable ScheduledFuture<?>[] next = new ScheduledFuture<?>[RINGS_MILLIS.length];

    /** Watches the folder that the framework property {@code felix.fileinstall.dir} names, if there is one. */
    @Activate
    public PluginFolder(BundleContext context) throws IOException {
        // Its thread ends when there is nothing to ring for.
        rings = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("ham-plugin-folder").daemon()::unstarted);
        rings.setKeepAliveTime(5, TimeUnit.SECONDS);
        rings.allowCoreThreadTimeOut(true);
        rings.setRemoveOnCancelPolicy(true);
        var folder = context.getProperty("felix.fileinstall.dir");
        if (folder == null || folder.isBlank()) {
            watch = null;
        } else {
            watch = new FolderWatch(Path.of(folder), this::changed);
            watch.start();
        }
    }

    /** Begins the rings anew: those of an earlier change would come too early for this one. */
    private synchronized void changed() {
        if (rings.isShutdown()) {
            return;
        }
        for (int i = 0; i < RINGS_MILLIS.length; i++) {
            var before = next[i];
            if (before != null) {
                before.cancel(false);
            }
            next[i] = rings.schedule(PluginFolder::ring, RINGS_MILLIS[i], TimeUnit.MILLISECONDS);
        }
    }

    private static void ring() {
        var group = Thread.currentThread().getThreadGroup();
        for (var parent = group; parent != null; parent = parent.getParent()) {
            group = parent;
        }
        var threads = new Thread[group.activeCount() + 16];
        var count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().startsWith(THREADS)) {
                wake(threads[i]);
            }
        }
    }

    @SuppressWarnings("NotifyWithoutStateChange") // the state that changed is the folder
    private static void wake(Thread installer) {
        synchronized (installer) {
            installer.notifyAll();
        }
    }

    /** Ends; the installer looks by itself. */
    @Deactivate
    synchronized void stop() {
        rings.shutdownNow();
        try {
            if (watch != null) {
                watch.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The watch of the plug-in folder does not close: {0}", e.getMessage());
        }
    }
}
