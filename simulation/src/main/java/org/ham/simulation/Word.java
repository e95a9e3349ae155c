package org.ham.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The word by which the death of the thread that leads is told, as the kernel keeps it. */
final class Word {
    private final SimulatedKernel kernel;
    private final List<Watcher> watchers = new ArrayList<>();

    /** Whose it is. */
    @Nullable
    Proc holder;

    /** Whether the holder's death is told; a mark alone tells nothing. */
    boolean told;

    /** Whether the holder is dead and that was told. */
    boolean orphaned;

    record Watcher(Node node, Runnable callback) {}

    Word(SimulatedKernel kernel) {
        this.kernel = kernel;
    }

    void hold(Proc by) {
        holder = by;
        told = true;
        orphaned = false;
    }

    void mark(Proc by) {
        holder = by;
        told = false;
        orphaned = false;
    }

    void free() {
        holder = null;
        told = false;
        orphaned = false;
    }

    /** Whether a process other than this one seems to lead. */
    boolean isOthers(Proc me) {
        var now = holder;
        return now != null && !orphaned && now != me && kernel.lives(now.ref.pid());
    }

    void watch(Watcher watcher) {
        watchers.add(watcher);
        if (orphaned) {
            tell();
        }
    }

    void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    void threadsGone(Proc proc) {
        watchers.removeIf(watcher -> watcher.node().proc == proc);
        if (holder == proc && told) {
            orphaned = true;
            tell();
        }
    }

    private void tell() {
        var all = List.copyOf(watchers);
        watchers.clear();
        all.forEach(watcher -> watcher.node().jobs.start("word", watcher.callback()));
    }
}
