package org.ham.control;

import java.util.Map;
import java.util.Set;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.NodeName;
import org.ham.api.NodeRights;
import org.ham.wire.Calls;
import org.jspecify.annotations.Nullable;

/**
 * Another node at the far end of a connection. Immutable.
 *
 * @param name as its certificate says
 * @param rights what it may do here
 */
record FarNode(String name, NodeRights rights) {
    private static final Set<String> LOOKING = Set.of(
            "hello",
            "entity",
            "condition",
            "action",
            "flags",
            "heartbeats",
            "verbosity",
            "tree",
            "find",
            "status",
            "subscribe",
            "unsubscribe");

    private static final Set<String> TELLING = Set.of("pulse", "signal");

    /** What needs a process on this machine. */
    private static final Set<String> OF_PROCESSES = Set.of("attachSelf", "detachSelf", "openChannel", "closeChannel");

    static FarNode of(Calls.Behalf behalf) {
        return new FarNode(NodeName.require(behalf.node()), behalf.rights());
    }

    String who() {
        return "node " + name;
    }

    /** Throws {@link HamException} when it may not do this. */
    void require(String method, Map<String, @Nullable Object> params) {
        if (OF_PROCESSES.contains(method)) {
            throw new HamException(
                    Code.INVALID,
                    method + ": a process attaches itself, and opens channels, at the HAM of its own node");
        }
        var sets = params.containsKey("active") || params.containsKey("level");
        var may = switch (rights) {
            case ALL -> true;
            case NOTIFY -> TELLING.contains(method) || LOOKING.contains(method) && !sets;
            case OBSERVE -> LOOKING.contains(method) && !sets;
        };
        if (!may) {
            throw new HamException(
                    Code.DENIED,
                    who() + " has the rights '" + rights.word() + "' here, which do not let it " + method
                            + (sets ? " something new" : "") + "; give it more in nodes.known of this node");
        }
    }
}
