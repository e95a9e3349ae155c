package org.ham.itests.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ham.api.Event;

/**
 * Kills the processes of entities, one every tenth of a second and in turn, and tells from the journal how long each was dead before it was
 * started again. Thread-safe.
 */
final class Killing implements AutoCloseable {
    private static final long EVERY_MILLIS = 100;

    private final List<String> entities;
    private final Map<String, Long> pids = new ConcurrentHashMap<>();
    private final List<Kill> kills = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile String during = "";

    /**
     * One kill.
     *
     * @param at the clock, as the journal's lines have it
     * @param during what was done meanwhile
     */
    record Kill(String entity, long pid, long at, String during) {}

    Killing(List<String> entities) {
        this.entities = entities;
        thread = Thread.ofPlatform().name("killing").unstarted(this::run);
    }

    /** Each line of the journal. */
    void hear(Event event) {
        if (event.type().equals("started") && entities.contains(event.entity().orElse(""))) {
            pids.put(event.entity().orElseThrow(), event.pid().orElseThrow());
        }
    }

    void begin() {
        thread.start();
    }

    /** From now on this is done. */
    void during(String what) {
        during = what;
    }

    private void run() {
        try {
            for (var turn = 0; !over.await(EVERY_MILLIS, TimeUnit.MILLISECONDS); turn++) {
                next(turn).ifPresent(this::kill);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> next(int turn) {
        for (var i = 0; i < entities.size(); i++) {
            var entity = entities.get((turn + i) % entities.size());
            if (pids.containsKey(entity)) {
                return Optional.of(entity);
            }
        }
        return Optional.empty();
    }

    private void kill(String entity) {
        var pid = pids.remove(entity);
        if (pid == null) {
            return;
        }
        ProcessHandle.of(pid).ifPresent(process -> {
            var at = System.nanoTime();
            if (process.destroyForcibly()) {
                kills.add(new Kill(entity, pid, at, during));
            }
        });
    }

    List<Kill> kills() {
        synchronized (kills) {
            return List.copyOf(kills);
        }
    }

    /** Ends; nobody is killed any more when this returns. */
    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long each of some entities was dead until it was started again, by what was done meanwhile; fails for one that was not. */
    Map<String, List<Long>> waits(List<Event> journal, List<String> which) {
        var deaths = new HashMap<String, Deque<Event>>();
        var starts = new HashMap<String, NavigableMap<Long, Event>>();
        for (var event : journal) {
            var entity = event.entity().orElse("");
            if (!entities.contains(entity)) {
                continue;
            }
            if (event.type().equals("death")) {
                deaths.computeIfAbsent(entity + " " + event.pid().orElse(0), _ -> new ArrayDeque<>())
                        .add(event);
            } else if (event.type().equals("started")) {
                starts.computeIfAbsent(entity, _ -> new TreeMap<>()).put(event.seq(), event);
            }
        }
        var waits = new TreeMap<String, List<Long>>();
        for (var kill : kills()) {
            // A pid may come round again in a long campaign.
            var death = deaths.getOrDefault(kill.entity + " " + kill.pid, new ArrayDeque<>())
                    .poll();
            if (death == null || death.mono() < kill.at) {
                throw new AssertionError(kill + " has this death in the journal: " + death);
            }
            var restart = starts.getOrDefault(kill.entity, new TreeMap<>()).higherEntry(death.seq());
            if (restart == null) {
                throw new AssertionError(kill + " was not recovered");
            }
            if (which.contains(kill.entity)) {
                waits.computeIfAbsent(kill.during, _ -> new ArrayList<>())
                        .add(restart.getValue().mono() - kill.at);
            }
        }
        // As each process dies once.
        deaths.values().removeIf(Deque::isEmpty);
        if (!deaths.isEmpty()) {
            throw new AssertionError("nobody killed these: " + deaths);
        }
        return waits;
    }
}
