package org.ham.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.ham.linux.ExitStatus;
import org.ham.linux.ProcessRef;

/** Which processes one node watches, each of them a descriptor. */
final class Watches {
    private final Node node;
    private final Map<ProcessRef, Consumer<ExitStatus>> listeners = new HashMap<>();
    private final Deque<Ended> ended = new ArrayDeque<>();

    private record Ended(ProcessRef process, ExitStatus status) {}

    Watches(Node node) {
        this.node = node;
    }

    void watch(ProcessRef process, Consumer<ExitStatus> listener) {
        listeners.put(process, listener);
        if (node.world.kernel.find(process).isEmpty()) {
            var id = new org.ham.api.ProcessId(process.pid(), process.startTime(), process.inode(), process.bootId());
            tell(process, node.world.kernel.ending(id));
        }
    }

    private void tell(ProcessRef process, ExitStatus status) {
        ended.add(new Ended(process, status));
        node.wake();
    }

    void unwatch(ProcessRef process) {
        listeners.remove(process);
        ended.removeIf(each -> each.process().equals(process));
    }

    void ended(Proc proc) {
        if (listeners.containsKey(proc.ref)) {
            var own = proc.parent == node.proc.ref.pid();
            // Of another's child the kernel does not always tell how it ended.
            tell(proc.ref, own || !node.world.dice.oneIn(10) ? proc.status : ExitStatus.UNKNOWN);
        }
    }

    boolean anythingToTell() {
        return !ended.isEmpty();
    }

    /** Calls the listeners of what ended. */
    void deliver() {
        for (var each = ended.poll(); each != null; each = ended.poll()) {
            // What is told is let go of.
            var listener = listeners.remove(each.process());
            if (listener != null) {
                listener.accept(each.status());
            }
        }
    }

    /** What is watched. */
    Set<ProcessRef> all() {
        return listeners.keySet();
    }
}
