package org.ham.simulation;

import java.util.Comparator;
import java.util.Objects;
import java.util.TreeSet;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Entity.Status;
import org.ham.core.engine.State;
import org.ham.linux.ProcessRef;

final class NothingIsLeft extends Audit {
    NothingIsLeft(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "At rest nothing is left over: no run, start, timer, thread or descriptor, and what is said to run runs.";
    }

    @Override
    void atRest() {
        var leader = Objects.requireNonNull(world.leader());
        var state = leader.state();
        state.entities().values().forEach(this::look);
        look(state.global());
        for (var node : world.nodes) {
            if (!node.jobs.isEmpty()) {
                fail(node + " has " + node.jobs.all() + " to do");
            }
            watches(node, state, node == leader ? state.guardianPid() : state.hamPid());
        }
        var holder = world.kernel.word.holder;
        var whole = world.kernel.lockHolder == leader.proc && holder == leader.proc;
        // Where somebody took the lock's file away there may be none until the next HAM comes, and the word may be of
        // one that had the new file and died.
        var stolen = world.lockStolen && world.kernel.lockHolder == null && !world.kernel.word.isOthers(leader.proc);
        if (!whole && !stolen) {
            fail("the lock is of " + world.kernel.lockHolder + ", the word of " + holder);
        }
    }

    private void look(Entity entity) {
        if (!entity.lanes().isEmpty() || entity.pending() != null) {
            fail(entity.name() + " waits: " + entity.lanes() + ", " + entity.pending());
        }
        if (entity.status() != Status.RUNNING && entity.status() != Status.UNATTACHED) {
            fail(entity.name() + " is " + entity.status());
        }
        var process = entity.process();
        if (process != null && world.kernel.find(process).isEmpty()) {
            fail(entity.name() + " runs as " + process + "/" + process.inode() + ", which is dead");
        }
    }

    private void watches(Node node, State state, long other) {
        var wanted = new TreeSet<>(Comparator.comparingLong(ProcessRef::inode));
        for (var entity : state.entities().values()) {
            var process = entity.process();
            if (process != null) {
                wanted.add(new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot()));
            }
        }
        wanted.add(Objects.requireNonNull(world.kernel.processes.get(other)).ref);
        var is = new TreeSet<>(Comparator.comparingLong(ProcessRef::inode));
        is.addAll(node.watches.all());
        if (!is.equals(wanted)) {
            fail(node + " has open " + is + ", needed are " + wanted);
        }
    }
}
