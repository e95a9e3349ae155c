package org.ham.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.Event;
import org.ham.core.engine.State;
import org.jspecify.annotations.Nullable;

final class StartsHappenOnce extends Audit {
    /** A little less than for how long a new HAM looks for what one before it may have started. */
    private static final long DOUBT_NANOS = 9_900_000_000L;

    private final List<Proc> running = new ArrayList<>();
    private final Map<String, Proc> byInvocation = new HashMap<>();
    private final Map<String, String> intended = new HashMap<>();
    private final Set<String> given = new HashSet<>();
    private final Set<Proc> released = new HashSet<>();
    private final Set<Proc> lostSight = new HashSet<>();
    private State looked = State.empty();
    private boolean lost;
    private long doubtUntil;

    StartsHappenOnce(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "A start that was decided happens once, and an entity has one process at a time, which HAM knows.";
    }

    @Override
    void spawned(Node by, Proc proc) {
        if (by.usurped && world.lockStolen && world.linesLost) {
            // Its lock was taken away, and a disk that takes nothing tells it nothing either.
            return;
        }
        if (by.usurped) {
            fail(by + ", which does not lead any more, starts " + proc);
        }
        var before = byInvocation.put(proc.invocation(), proc);
        // One that died before anybody had told of it is started again, and must be.
        if (before != null && before.life == Proc.Life.RUNS && !lostSight.contains(before)) {
            fail(proc + " is started for " + proc.invocation() + " as " + before + " was before");
        }
        for (var other : running) {
            if (other.life == Proc.Life.RUNS
                    && other.entity().equals(proc.entity())
                    && lostSight.contains(other)
                    && world.kernel.mono() < doubtUntil) {
                fail(proc + " is started beside " + other + ", of which the lines are lost");
            }
        }
        running.add(proc);
        looked = State.empty();
    }

    @Override
    void line(Event event) {
        var entity = event.entity().orElse("");
        switch (event.type()) {
            case "start-intended" -> intended.put(entity, Archive.word(event, "invocation"));
            case "started" -> {
                intended.remove(entity);
                var proc = find(Archive.number(event, "inode"));
                if (proc != null && !proc.entity().equals(entity)) {
                    fail("line " + event.seq() + " takes " + proc + " for the process of " + entity);
                }
            }
            case "start-failed" -> intended.remove(entity);
            case "detached" -> {
                given.add(intended.getOrDefault(entity, ""));
                release(entity, 0);
            }
            case "connection-lost" -> release(entity, 0);
            case "main-process", "joined" -> release(entity, event.pid().orElse(0));
            default -> {}
        }
    }

    private @Nullable Proc find(long inode) {
        return running.stream().filter(p -> p.ref.inode() == inode).findFirst().orElse(null);
    }

    private void release(String entity, long but) {
        for (var proc : running) {
            if (proc.entity().equals(entity) && proc.ref.pid() != but) {
                released.add(proc);
            }
        }
    }

    @Override
    void led(Node node) {
        if (lost) {
            loseSight(node.state());
            doubtUntil = node.state().alarms().containsKey("journal") ? world.kernel.mono() + DOUBT_NANOS : 0;
        }
    }

    private void loseSight(State state) {
        lost = false;
        for (var proc : running) {
            if (!isKnown(proc, state)) {
                lostSight.add(proc);
            }
        }
    }

    @Override
    void linesLost() {
        lost = true;
        doubtUntil = 0;
        // The numbers of lost lines are given again, and ids with them.
        byInvocation.clear();
    }

    @Override
    void after() {
        var server = world.server();
        if (server == null || server.state() == looked || server.state().seq() != world.archive.seq()) {
            return;
        }
        looked = server.state();
        if (lost) {
            loseSight(looked);
        }
        running.removeIf(proc -> proc.life != Proc.Life.RUNS);
        for (var proc : running) {
            if (!released.contains(proc)
                    && !given.contains(proc.invocation())
                    && !lostSight.contains(proc)
                    && !isKnown(proc, looked)) {
                fail(proc + " runs for " + proc.invocation() + " and HAM does not know it");
            }
        }
    }

    private static boolean isKnown(Proc proc, State state) {
        var entity = state.entity(proc.entity()).orElse(null);
        if (entity == null) {
            return false;
        }
        var pending = entity.pending();
        return proc.id.equals(entity.process())
                || pending != null && pending.invocation().equals(proc.invocation());
    }
}
