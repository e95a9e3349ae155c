package org.ham.control;

import java.util.Optional;
import java.util.function.LongFunction;
import org.ham.api.Actor;
import org.ham.api.ProcessId;
import org.ham.linux.Peer;
import org.ham.linux.ProcessRef;

/**
 * Who is at the other end, as the kernel says. Immutable.
 *
 * @param uid the user
 * @param pid the process that connected
 * @param process which process that is beyond doubt, when the kernel tells
 * @param all whether it may do everything
 */
record Caller(long uid, long pid, Optional<ProcessId> process, boolean all) {
    /** Where the kernel names no process beyond its pid, it is the one that has the pid now. */
    static Caller of(Peer peer, long ownUid, LongFunction<Optional<ProcessId>> identify) {
        var all = peer.uid() == 0 || peer.uid() == ownUid;
        var process =
                peer.process().map(Caller::id).or(() -> peer.pid() > 0 ? identify.apply(peer.pid()) : Optional.empty());
        return new Caller(peer.uid(), peer.pid(), process, all);
    }

    static ProcessId id(ProcessRef process) {
        return new ProcessId(process.pid(), process.startTime(), process.inode(), process.bootId());
    }

    static ProcessRef ref(ProcessId process) {
        return new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot());
    }

    Actor actor(String name) {
        return new Actor(name, uid, pid);
    }
}
