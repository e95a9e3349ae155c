package org.ham.control;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.linux.UnixConnection;

/** The clients that are served, each on a thread of its own, no more of them than may be. Thread-safe. */
final class Clients implements AutoCloseable {
    /** What waits for longer than this may wait for what itself waits for this to be gone. */
    private static final Duration CALM = Duration.ofMillis(100);

    private final Map<Client, Thread> served = new ConcurrentHashMap<>();
    private final Duration leaveWithin;
    private final BooleanSupplier stops;
    private final Admission admission;
    private final Watch watch;
    private volatile boolean closed;

    Clients(Limits limits, Predicate<ProcessId> alive, BooleanSupplier stops) {
        this.stops = stops;
        leaveWithin = limits.leaveWithin();
        admission = new Admission(limits, Admission.descriptors());
        watch = new Watch(limits, alive, served::keySet);
    }

    /** Serves one that has just connected, or turns it away when there is no place for it. */
    void serve(Service service, Caller caller, UnixConnection connection) {
        var refused = admission.enter(caller.uid(), caller.all());
        if (refused.isPresent()) {
            Saying.turnAway(connection, new HamException(Code.LIMIT, refused.get()));
            return;
        }
        var client = new Client(service, caller, connection);
        var thread = Thread.ofVirtual().name("ham-control-" + caller.pid()).unstarted(() -> run(client));
        served.put(client, thread);
        watch.begin(client);
        thread.start();
        if (closed) {
            client.close();
        }
    }

    private void run(Client client) {
        try {
            client.run();
        } finally {
            served.remove(client);
            admission.leave(client.caller().uid());
            watch.end(served.isEmpty());
        }
    }

    /** How many are served. */
    int count() {
        return admission.count();
    }

    /** How many are told that they are too slow. */
    long cutOff() {
        return served.keySet().stream().filter(Client::ended).count();
    }

    /**
     * Takes no more; requests under way get a moment, so that a stop gets its answer. Where HAM goes on they are not waited for: who is
     * cut off asks the next core, under the same id.
     */
    void finish() {
        closed = true;
        served.keySet().forEach(Client::finish);
        if (!stops.getAsBoolean()) {
            watch.after(CALM, () -> served.keySet().forEach(Client::giveUp));
        }
        watch.after(leaveWithin, () -> served.keySet().forEach(Client::close));
    }

    /** Waits until all have left, each for as long as it may take. */
    void awaitAll() throws InterruptedException {
        for (var thread : served.values()) {
            thread.join(leaveWithin.multipliedBy(2));
        }
    }

    /** Ends those that are left. */
    @Override
    public void close() {
        closed = true;
        served.keySet().forEach(Client::close);
        watch.close();
    }
}
