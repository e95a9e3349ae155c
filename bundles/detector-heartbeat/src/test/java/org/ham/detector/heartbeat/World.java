package org.ham.detector.heartbeat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.spi.Monitored;
import org.jspecify.annotations.Nullable;

/** A machine in simulated time: clients that beat, a HAM that looks, and all that can stop one or the other or both. */
final class World implements Verdicts, Clocks {
    static final long MS = 1_000_000;

    /** Everything that was reported. */
    record Verdict(String entity, Beating mark, int missed, long at) {}

    final List<Verdict> verdicts = new ArrayList<>();
    final List<String> healed = new ArrayList<>();
    final Map<String, Client> clients = new HashMap<>();
    private final Map<String, Watched> relays = new HashMap<>();
    private final HoldUps holdUps = new HoldUps(this::monotonic);
    long mono = 1_000 * MS;
    int turns;
    private long slept;
    private Judge judge = judge();
    private long wake = mono;

    /** A process that beats. */
    final class Client implements Slots {
        final String name;
        final ProcessId process;
        final HeartbeatSpec spec;
        final List<Thread> threads = new ArrayList<>();
        Excuse excuse = Excuse.NONE;
        long clockOffset;
        int looks;

        Client(String name, HeartbeatSpec spec) {
            this.name = name;
            this.spec = spec;
            this.process = new ProcessId(clients.size() + 100, 1, 1, "boot");
            threads.add(new Thread());
        }

        @Override
        public int used() {
            looks++;
            return threads.size();
        }

        @Override
        public boolean taken(int slot) {
            return threads.get(slot).taken;
        }

        @Override
        public long beat(int slot) {
            return threads.get(slot).value;
        }

        @Override
        public void close() {}

        long lastBeat() {
            return threads.stream().mapToLong(t -> t.beatAt).min().orElseThrow();
        }

        /** All its threads do nothing for a while, and go on with what they were at. */
        void pause(long from, long until) {
            threads.forEach(thread -> thread.pause(from, until));
        }
    }

    /** A thread of a client. */
    final class Thread {
        boolean taken = true;
        long every = Long.MAX_VALUE;
        long next = Long.MAX_VALUE;
        long value;
        long beatAt = mono;
        boolean timer;

        void pause(long from, long until) {
            if (next != Long.MAX_VALUE && next > from) {
                // What works is that much later; what sleeps until a time oversleeps.
                next = timer ? Math.max(next, until) : next + until - from;
            }
        }

        void hang() {
            next = Long.MAX_VALUE;
            every = Long.MAX_VALUE;
        }
    }

    @Override
    public long monotonic() {
        return mono;
    }

    @Override
    public long boottime() {
        return mono + slept;
    }

    private Judge judge() {
        return new Judge(this::page, this::excuse, holdUps::take, this, this);
    }

    private @Nullable Slots page(ProcessId process) {
        return client(process);
    }

    private Excuse excuse(ProcessId process) {
        return client(process).excuse;
    }

    private Client client(ProcessId process) {
        return clients.values().stream()
                .filter(c -> c.process.equals(process))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void missed(String entity, ProcessId process, Beating mark, int missed) {
        verdicts.add(new Verdict(entity, mark, missed, mono));
    }

    @Override
    public void beatsAgain(String entity, ProcessId process) {
        healed.add(entity);
    }

    /** A client that beats every so often, the first time right now. */
    Client client(String name, HeartbeatSpec spec, long every) {
        var client = new Client(name, spec);
        clients.put(name, client);
        client.threads.getFirst().every = every;
        client.threads.getFirst().next = mono;
        monitor(client, Beating.OK);
        return client;
    }

    Client client(String name, int periodMs, int low, int high, long everyMs) {
        return client(name, HeartbeatSpec.of(Duration.ofMillis(periodMs), low, high), everyMs * MS);
    }

    /** One more thread of a client that beats for itself. */
    Thread thread(Client client, long every) {
        var thread = new Thread();
        thread.every = every;
        thread.next = mono + every;
        thread.value = mono;
        client.threads.add(thread);
        return thread;
    }

    /** The core tells of a client, as the HAM leads or after something has changed. */
    void monitor(Client client, Beating beating) {
        judge.read();
        relays.put(client.name, judge.monitor(new Monitored(client.name, client.process, client.spec, beating, mono)));
        turn();
    }

    void forget(String name) {
        judge.read();
        judge.forget(name);
        turn();
    }

    void relay(String name) {
        judge.read();
        Objects.requireNonNull(relays.get(name)).beats.relay(mono);
        turn();
    }

    private void turn() {
        turns++;
        wake = judge.turn();
    }

    /** Everything runs for a while. */
    void run(long nanos) {
        var until = mono + nanos;
        while (Math.min(wake, nextBeat()) <= until) {
            if (nextBeat() <= wake) {
                beat();
            } else {
                mono = Math.max(mono, wake);
                judge.read();
                turn();
            }
        }
        mono = until;
    }

    /** The clients run, the HAM does not: it is stopped, or collects garbage. */
    void runWithoutHam(long nanos) {
        var until = mono + nanos;
        while (nextBeat() <= until) {
            beat();
        }
        mono = until;
    }

    /** All run, but the core is held up by one turn: what comes to it has to wait. */
    void holdCoreUp(long nanos) {
        holdUps.turning();
        run(nanos);
        holdUps.turned(0, mono);
    }

    /** The HAM is stopped in the middle of a turn: the clock was read, the beats not yet. */
    void stopHamInMidTurn(long nanos) {
        judge.read();
        runWithoutHam(nanos);
        turn();
    }

    /** Nobody runs, but the clock does: a virtual machine is paused, every process is stopped. */
    void pauseMachine(long nanos, long clientsLater) {
        clients.values().forEach(client -> client.pause(mono, mono + nanos + clientsLater));
        mono += nanos;
    }

    /** The machine sleeps. */
    void sleep(long nanos, long clientsLater) {
        clients.values().forEach(client -> client.pause(mono, mono + clientsLater));
        slept += nanos;
    }

    /** The HAM dies and another one takes over. */
    void takeOver(long after) {
        runWithoutHam(after);
        judge = judge();
        clients.values().forEach(client -> monitor(client, Beating.OK));
    }

    private long nextBeat() {
        return threads().mapToLong(thread -> thread.next).min().orElse(Long.MAX_VALUE);
    }

    private java.util.stream.Stream<Thread> threads() {
        return clients.values().stream().flatMap(client -> client.threads.stream());
    }

    private void beat() {
        var thread = threads().min(Comparator.comparingLong(t -> t.next)).orElseThrow();
        mono = Math.max(mono, thread.next);
        var client = clients.values().stream()
                .filter(c -> c.threads.contains(thread))
                .findFirst()
                .orElseThrow();
        thread.value = mono + client.clockOffset;
        thread.beatAt = mono;
        thread.next = mono + thread.every;
    }
}
