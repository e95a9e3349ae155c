package org.ham.simulation;

import java.util.Map;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.linux.ExitStatus;
import org.ham.linux.ProcessRef;
import org.ham.linux.Signals;
import org.jspecify.annotations.Nullable;

/** A process of the simulated machine. */
final class Proc {
    /** Where a process is in its life. */
    enum Life {
        RUNS,
        /** Its threads are gone; the kernel takes it apart, and tells nobody yet. */
        DYING,
        DEAD
    }

    final ProcessRef ref;
    final ProcessId id;
    final Map<String, String> environment;
    final long parent;
    Life life = Life.RUNS;
    ExitStatus status = ExitStatus.UNKNOWN;

    /** For a node of HAM. */
    @Nullable
    Node node;

    Proc(ProcessRef ref, Map<String, String> environment, long parent) {
        this.ref = ref;
        this.id = new ProcessId(ref.pid(), ref.startTime(), ref.inode(), ref.bootId());
        this.environment = environment;
        this.parent = parent;
    }

    String entity() {
        return environment.getOrDefault("HAM_ENTITY", "");
    }

    String invocation() {
        return environment.getOrDefault("HAM_INVOCATION_ID", "");
    }

    static ExitReason reason(ExitStatus status) {
        return switch (status.kind()) {
            case EXITED -> ExitReason.exited(status.value());
            case SIGNALLED -> ExitReason.signalled(Signals.name(status.value()), status.core());
            case UNKNOWN -> ExitReason.UNKNOWN;
        };
    }

    @Override
    public String toString() {
        return ref.pid() + "/" + ref.inode() + (entity().isEmpty() ? "" : "(" + entity() + ")");
    }
}
