package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The one candidate that there may be: started, looked at, ended. Thread-safe; looking is the core loop's. */
final class Candidates {
    private static final Logger LOG = System.getLogger(Candidates.class.getName());
    private static final int SIGKILL = 9;

    private final Role role;
    private final Processes processes;
    private final Signals signals;
    private final NodeStarter starter;
    private final Candidate.Listener listener;
    private volatile @Nullable Candidate current;
    private volatile long now;

    Candidates(BundleContext context, Role role, Processes processes, Signals signals, Candidate.Listener listener) {
        this.role = role;
        this.processes = processes;
        this.signals = signals;
        this.listener = listener;
        starter = new NodeStarter(role, processes, context);
    }

    /**
     * Starts one, whose output goes to a log of its own.
     *
     * @throws LinuxException when it cannot be started
     */
    Candidate start(List<String> command, Map<String, String> extra) throws IOException {
        var log = role.runDir().log().resolveSibling("upgrade.log");
        Files.deleteIfExists(log);
        var started = new Candidate(starter.start(command, extra, log, now), log, listener);
        current = started;
        processes.watch(started.standing().process(), started::died);
        LOG.log(
                Level.INFO,
                "Started {0} as process {1}",
                command.getFirst(),
                Long.toString(started.standing().pid()));
        return started;
    }

    /** The one there is. */
    @Nullable
    Candidate current() {
        return current;
    }

    /** Looks at it, if there is one; returns after how many nanoseconds to look again. */
    long look(long nowNanos) {
        now = nowNanos;
        var waiting = current;
        return waiting == null ? Long.MAX_VALUE : waiting.look(role.page(), role.settings(), nowNanos);
    }

    /** Somebody else looks after it from now on; whether it was the one there is. */
    boolean release(Candidate candidate) {
        if (candidate != current) {
            return false;
        }
        current = null;
        return true;
    }

    /** Kills it: nothing of it is worth an orderly end, and one that just starts would not hear of it. */
    void drop(Candidate candidate) {
        if (release(candidate)) {
            processes.unwatch(candidate.standing().process());
            kill(candidate.standing().process());
        }
    }

    void kill(ProcessRef process) {
        try {
            signals.send(process, SIGKILL);
        } catch (LinuxException e) {
            LOG.log(Level.DEBUG, "Not signalled: {0}", e.getMessage());
        }
    }
}
