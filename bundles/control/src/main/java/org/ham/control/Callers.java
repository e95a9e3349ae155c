package org.ham.control;

import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.linux.LinuxException;
import org.ham.linux.Peer;
import org.ham.linux.Processes;

/** Tells who connects, and whether that user is served at all. Thread-safe. */
final class Callers {
    private final Processes processes;
    private final Limits.Others others;
    private final long ownUid = Peer.ownUid();

    Callers(Processes processes, Limits.Others others) {
        this.processes = processes;
        this.others = others;
    }

    Caller of(Peer peer) {
        return Caller.of(peer, ownUid, this::identify);
    }

    /** Which process has this pid now. */
    Optional<ProcessId> identify(long pid) {
        try {
            return Optional.of(Caller.id(processes.identify(pid)));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    boolean isAlive(ProcessId process) {
        return processes.isAlive(Caller.ref(process));
    }

    /** Why this one is not served at all, if it is not. */
    Optional<HamException> refusal(Caller caller) {
        return caller.all() || others != Limits.Others.NONE
                ? Optional.empty()
                : Optional.of(new HamException(
                        Code.DENIED,
                        "user " + caller.uid() + " may not use this HAM, only root and user " + ownUid
                                + " (control.others is none)"));
    }
}
