package org.ham.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.HamException;
import org.ham.api.StartSpec;
import org.ham.core.engine.Engine;
import org.ham.journal.StaleEpochException;
import org.ham.spi.Host;

/**
 * Goes the way of a takeover and of recoveries, so that the first real ones do not pay for loading and compiling classes.
 * Touches no entity, and the outside world only by starting {@code /bin/true} a few times.
 */
final class WarmUp implements Runnable {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final int STARTS = 5;

    /** What a start has to do itself comes first. */
    private static final long SETTLE_NANOS = 300_000_000;

    private static final String NAME = "warm-up";

    private final Host host;
    private final Plugins plugins;
    private final Engine engine;
    private final Path folder;
    private volatile boolean done;

    /** A warm-up that may make a folder, which it removes again. */
    WarmUp(Host host, Plugins plugins, Engine engine, Path folder) {
        this.host = host;
        this.plugins = plugins;
        this.engine = engine;
        this.folder = folder;
    }

    /** Whether it is over, in whatever way: a node that could not be warmed up is slower and no worse. */
    boolean done() {
        return done;
    }

    @Override
    public void run() {
        try {
            LockSupport.parkNanos(SETTLE_NANOS);
            remove();
            new Rehearsal(host, plugins, engine, folder).run(WarmUp::wanted);
            start();
        } catch (HamException | IOException | UncheckedIOException | StaleEpochException e) {
            LOG.log(Level.INFO, "The first recovery will be slower than the others: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The first recovery will be slower than the others", e);
        } finally {
            done = true;
            // Whoever waits for it looks when the loop turns.
            host.wake();
            clear();
        }
    }

    private static boolean wanted() {
        return !Thread.currentThread().isInterrupted();
    }

    private void start() {
        var start = new StartSpec(
                List.of("/bin/true"), Optional.empty(), Map.of(), Optional.empty(), Map.of(), Optional.of("/dev/null"));
        for (int i = 0; i < STARTS && wanted(); i++) {
            var process = host.start(NAME, start, Map.of());
            host.watch(process, _ -> host.unwatch(process));
        }
    }

    private void clear() {
        try {
            remove();
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.INFO, "{0} cannot be removed: {1}", folder, e.getMessage());
        }
    }

    private void remove() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
