package org.ham.simulation;

/** Whether everything has come to rest. */
final class Calm {
    private Calm() {}

    /** Why it has not, empty when it has. */
    static String why(World world) {
        var server = world.server();
        if (server == null) {
            return "nobody serves, there are " + world.nodes;
        }
        if (!world.clients.areDone()) {
            return "clients wait";
        }
        if (world.nodes.size() != 2 || world.kernel.nextTimer() != Long.MAX_VALUE) {
            return "there are " + world.nodes;
        }
        for (var node : world.nodes) {
            if (node.hangs) {
                return node + " hangs";
            }
            if (node.isWoken()) {
                return node + " has heard of something";
            }
            if (!node.jobs.isEmpty()) {
                return node + " has " + node.jobs.all() + " to do";
            }
        }
        var state = server.state();
        if (state.upgrade() != null) {
            return "an upgrade is under way";
        }
        if (!state.guardianReady()) {
            return "the Guardian is not ready";
        }
        if (!state.alarms().isEmpty()) {
            return "alarms are on: " + state.alarms();
        }
        return state.seq() == world.archive.seq() ? "" : "line " + state.seq() + " is not written";
    }
}
