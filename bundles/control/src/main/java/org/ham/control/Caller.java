package org.ham.control;

import java.util.Optional;
import java.util.function.LongFunction;
import org.ham.api.Actor;
import org.ham.api.NodeRights;
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
 * @param node the other node that is at the far end, if this HAM itself says so
 */
record Caller(long uid, long pid, Optional<ProcessId> process, boolean all, Optional<FarNode> node) {
    /** Where the kernel names no process beyond its pid, it is the one that has the pid now. */
    static Caller of(Peer peer, long ownUid, LongFunction<Optional<ProcessId>> identify) {
        var all = peer.uid() == 0 || peer.uid() == ownUid;
        var process =
                peer.process().map(Caller::id).or(() -> peer.pid() > 0 ? identify.apply(peer.pid()) : Optional.empty());
        return new Caller(peer.uid(), peer.pid(), process, all, Optional.empty());
    }

    /** Another node, for which a process of this HAM asks: no process of this machine, and no user of it. */
    Caller onBehalfOf(FarNode far) {
        return new Caller(uid, 0, Optional.empty(), far.rights() == NodeRights.ALL, Optional.of(far));
    }

    /** Who it is, for messages. */
    String who() {
        return node.map(FarNode::who).orElseGet(() -> "process " + pid);
    }

    /** By what the ids of its requests differ from those of others. */
    String scope() {
        return node.map(FarNode::who).orElseGet(() -> uid + "/" + pid);
    }

    static ProcessId id(ProcessRef process) {
        return new ProcessId(process.pid(), process.startTime(), process.inode(), process.bootId());
    }

    static ProcessRef ref(ProcessId process) {
        return new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot());
    }

    Actor actor(String name) {
        return node.map(far -> Actor.part(far.who())).orElseGet(() -> new Actor(name, uid, pid));
    }
}
