package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ham.linux.RobustFutexes;
import org.ham.linux.SharedPage;
import org.ham.spi.Mirror;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Loads, in a Guardian that follows already, the classes that only a HAM uses: a takeover that has to read them from disk
 * first takes several times as long. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class Warmth {
    private static final Logger LOG = System.getLogger(Warmth.class.getName());
    private static final String OURS = "org.ham.";
    private static final long REHEARSAL_SECONDS = 5;
    private static final String SUFFIX = ".class";

    private volatile boolean closed;

    /** Begins to load, if this process stands by; the mirror is waited for because following comes first. */
    @Activate
    public Warmth(
            BundleContext context, @Reference Role role, @Reference Mirror mirror, @Reference RobustFutexes futexes) {
        if (role.guarded().isPresent()) {
            LOG.log(Level.DEBUG, "Warming up after line {0}", mirror.seq());
            Thread.ofPlatform().name("ham-warmth").daemon().start(() -> {
                rehearseLock(role, context);
                rehearseClaim(futexes);
                warm(context.getBundles());
            });
        }
    }

    /** Takes a lock, though not the one that counts: that is the first thing a takeover waits for. */
    private static void rehearseLock(Role role, BundleContext context) {
        // In the framework's own storage, which goes with the node whatever that dies of.
        var file = context.getDataFile("rehearsal.lock").toPath();
        try (var lock = RoleLock.open(file)) {
            LOG.log(Level.DEBUG, "Rehearsed taking a lock: {0}", lock.take(role.pid()));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Could not rehearse taking a lock", e);
        }
    }

    /** Claims a word whose holder died, in memory of its own. */
    private static void rehearseClaim(RobustFutexes futexes) {
        try (var page = SharedPage.inMemory(Long.BYTES)) {
            var word = new LeaderWord(page, 0, futexes);
            var told = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(word::hold);
            var watch = word.onDeath(told::countDown);
            var inTime = told.await(REHEARSAL_SECONDS, TimeUnit.SECONDS);
            watch.close();
            LOG.log(Level.DEBUG, "Rehearsed a claim: {0} {1}", inTime, word.claim());
            word.letGo();
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "Could not rehearse a claim", e);
        }
    }

    private void warm(Bundle[] bundles) {
        for (var bundle : bundles) {
            var wiring = bundle.adapt(BundleWiring.class);
            if (wiring != null && bundle.getSymbolicName().startsWith(OURS)) {
                var loader = wiring.getClassLoader();
                classes(bundle).forEach(entry -> load(loader, entry.getPath()));
            }
        }
    }

    private static List<URL> classes(Bundle bundle) {
        var entries = bundle.findEntries("/", "*" + SUFFIX, true);
        return entries == null ? List.of() : Collections.list(entries);
    }

    private void load(ClassLoader loader, String path) {
        if (closed || path.endsWith("-info" + SUFFIX)) {
            return;
        }
        try {
            Class.forName(path.substring(1, path.length() - SUFFIX.length()).replace('/', '.'), true, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            // It needs an optional package that is not here, and is not needed then.
            LOG.log(Level.DEBUG, "Not loaded: {0}: {1}", path, e.toString());
        }
    }

    @Deactivate
    void close() {
        closed = true;
    }
}
