package org.ham.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ham.api.Event;
import org.ham.api.ProcessId;

final class DeathsAreTold extends Audit {
    private final Map<Proc, Expected> expected = new HashMap<>();
    private final Set<Long> told = new HashSet<>();

    /** The numbers of those that were told dead and not attached since. */
    private final Map<Long, Long> repeated = new HashMap<>();

    private final Map<String, Long> excused = new HashMap<>();
    private long connectionLost;

    /** A death that must be told, and the last line before it. */
    private record Expected(String entity, long line) {}

    DeathsAreTold(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "Each death of a supervised process is told, once, and none that did not happen.";
    }

    @Override
    void dies(Proc proc) {
        world.lastState
                .entityOf(proc.id)
                .ifPresent(entity -> expected.put(proc, new Expected(entity.name(), world.lastState.seq())));
    }

    @Override
    void line(Event event) {
        switch (event.type()) {
            case "death" -> death(event);
            case "connection-lost" -> {
                connectionLost = event.seq();
                excuse(event);
            }
            case "detached", "main-process", "joined" -> {
                excuse(event);
                attached(event);
            }
            case "attached" -> attached(event);
            default -> {}
        }
    }

    private void excuse(Event event) {
        excused.put(event.entity().orElse(""), event.seq());
    }

    /** Who is attached dead is told of as dead, also when that was told before. */
    private void attached(Event event) {
        var pid = event.pid().orElse(0);
        repeated.values().removeIf(each -> each == pid);
    }

    private void death(Event event) {
        var inode = Archive.number(event, "inode");
        var id = new ProcessId(
                event.pid().orElse(0), Archive.number(event, "startTime"), inode, Archive.word(event, "boot"));
        if (connectionLost == event.seq() - 1) {
            return;
        }
        told.add(inode);
        if (repeated.put(inode, id.pid()) != null) {
            fail("line " + event.seq() + " tells the death of " + id + " again");
        }
        if (world.kernel.find(id).isPresent()) {
            fail("line " + event.seq() + " tells the death of " + id + ", which lives");
        }
    }

    @Override
    void atRest() {
        expected.forEach((proc, what) -> {
            if (!told.contains(proc.ref.inode()) && excused.getOrDefault(what.entity(), 0L) <= what.line()) {
                fail("the death of " + proc + " after line " + what.line() + " stands nowhere");
            }
        });
        expected.clear();
    }

    @Override
    void linesLost() {
        expected.clear();
    }
}
