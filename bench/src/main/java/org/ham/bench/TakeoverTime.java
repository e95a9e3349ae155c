package org.ham.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long one entity is away when the HAM is killed with it, at several numbers of entities: each takeover is of a fresh Guardian
 * that has just become ready. Confined to one thread.
 */
final class TakeoverTime {
    private static final List<Integer> COUNTS = List.of(1, 1_000, 10_000);
    private static final long SETTLE = 500_000_000;

    private final Supervisors supervisors;
    private final int rounds;
    private final Table table = new Table(
            "HAM killed with one of so many entities", "n", "p50, ms", "p99, ms", "longest, ms", "started twice");

    /** One that kills the HAM so often at each number. */
    TakeoverTime(Supervisors supervisors, int rounds) {
        this.supervisors = supervisors;
        this.rounds = rounds;
    }

    /** What was measured so far. */
    @Override
    public String toString() {
        return table.toString();
    }

    void measure() throws IOException {
        for (var count : COUNTS) {
            measure(count);
        }
    }

    private void measure(int count) throws IOException {
        say(count + ": starting");
        var ham = supervisors.ham(count);
        ham.children().await(count);
        var nodes = ham.awaitReady(0);
        var all = new Samples();
        for (var i = 1; i <= rounds; i++) {
            LockSupport.parkNanos(SETTLE);
            all.add(ham.children().recoverOne(nodes.ham()));
            nodes = ham.awaitReady(nodes.ham());
            if (i % 20 == 0) {
                say(count + ": " + i + " of " + rounds + ", so far " + Table.both(all));
            }
        }
        var row = new ArrayList<>(List.of(String.format("%,d", count), Integer.toString(all.count())));
        List.of(50.0, 99.0, 100.0).forEach(percent -> row.add(Table.millis(all, percent)));
        row.add(Integer.toString(ham.children().doubled()));
        table.row(row.toArray(String[]::new));
        supervisors.end(ham);
    }

    private static void say(String what) {
        System.err.println("bench: takeovers, " + what);
    }
}
