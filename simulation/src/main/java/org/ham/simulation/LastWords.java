package org.ham.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.ham.api.ProcessId;
import org.ham.core.engine.Input;
import org.ham.linux.ExitStatus;

/**
 * The notify socket: every supervised process that exits says so before, as {@code STOPPING=1}. That waits here until it is read by
 * the detector of the one that leads.
 */
final class LastWords {
    private static final int MOST_WAITING = 512;

    private final World world;
    private final Deque<ProcessId> waiting = new ArrayDeque<>();

    LastWords(World world) {
        this.world = world;
    }

    /** A process is about to end. */
    void ends(Proc proc, ExitStatus status) {
        if (proc.node == null && status.kind() == ExitStatus.Kind.EXITED && waiting.size() < MOST_WAITING) {
            waiting.add(proc.id);
        }
    }

    /** Reports what waits to the core that leads and has its detectors. */
    void read(Node node) {
        if (!node.monitor.bound || node != world.leader()) {
            return;
        }
        for (var who = waiting.poll(); who != null; who = waiting.poll()) {
            report(node, who);
        }
    }

    private void report(Node node, ProcessId who) {
        node.state().entityOf(who).ifPresent(entity -> {
            world.count("last words");
            world.audits.said(node, who);
            node.theCore().report(new Input.Said(entity.name(), who, Input.Said.Word.STOPPING));
        });
    }
}
