package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.spi.Host;

/**
 * Has the processes of entities watched. One that cannot be watched for now, as when this process may open no more descriptors, is
 * tried again each second, and holds up none of the others. Confined to the core loop.
 */
final class Watching {
    private static final Logger LOG = System.getLogger(Watching.class.getName());
    private static final long AGAIN_NANOS = 1_000_000_000;

    private final Host host;
    private final Listener listener;

    /** Those that could not be watched, by entity. */
    private final Map<ProcessId, String> failed = new LinkedHashMap<>();

    private String why = "";
    private long againAt = Long.MAX_VALUE;

    /** Who is told of deaths. */
    interface Listener {
        /** It died. */
        void died(String entity, ProcessId process, ExitReason reason);
    }

    Watching(Host host, Listener listener) {
        this.host = host;
        this.listener = listener;
    }

    void watch(String entity, ProcessId process) {
        try {
            host.watch(process, reason -> listener.died(entity, process, reason));
            failed.remove(process);
        } catch (RuntimeException e) {
            if (failed.put(process, entity) == null) {
                LOG.log(Level.ERROR, "The process of '" + entity + "' cannot be watched; trying again", e);
            }
            why = String.valueOf(e.getMessage());
            againAt = host.monotonic() + AGAIN_NANOS;
        }
    }

    void unwatch(ProcessId process) {
        failed.remove(process);
        host.unwatch(process);
    }

    /** Tries those again that could not be watched, if it is time. */
    void tryAgain() {
        if (!failed.isEmpty() && host.monotonic() >= againAt) {
            Map.copyOf(failed).forEach((process, entity) -> watch(entity, process));
        }
    }

    /** When to try again; {@link Long#MAX_VALUE} for never. */
    long nextTry() {
        return failed.isEmpty() ? Long.MAX_VALUE : againAt;
    }

    /** What is wrong, for people; empty when nothing is. */
    String trouble() {
        return failed.isEmpty()
                ? ""
                : "processes of " + failed.size() + " entities cannot be watched, '"
                        + failed.values().iterator().next() + "' for one, and their deaths go unnoticed: " + why;
    }
}
