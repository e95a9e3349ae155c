package org.ham.bench;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntitySpec;
import org.ham.api.Ham;
import org.ham.api.StartSpec;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.ham.recovery.Backoff;
import org.ham.recovery.Connection;
import org.ham.recovery.Losses;
import org.ham.recovery.Recovery;
import org.ham.recovery.RetryPolicy;
import org.ham.recovery.Target;
import org.ham.recovery.ham.EntityRetry;

/**
 * How long a supervised server is away as its client sees it: from the kill to the answer, with recoveries that wait in different
 * ways, in turns over servers that start at once or take their time and say when they are ready.
 */
final class AwayCost {
    private static final List<Integer> STARTS_MS = List.of(0, 300);
    private static final String NEAREST = "blind, every ms";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ConditionSpec RESTARTED = new ConditionSpec(
            "died",
            ConditionType.DEATH,
            Set.of(ConditionFlag.REARM),
            List.of(new ActionSpec("restart", "restart", Map.of(), Set.of(ActionFlag.REARM), List.of())));
    private static final long LOOK_EVERY = 5_000_000;
    private static final long REST = 50_000_000;

    private final Path server;
    private final Path temp;
    private final int rounds;

    AwayCost(Path server, Path temp, Plan plan) {
        this.server = server;
        this.temp = temp;
        this.rounds = Math.max(plan.kills() / 4, 1);
    }

    /** What a way of waiting came to. */
    private static final class Took {
        final Samples away = new Samples();
        long attempts;
    }

    /** Over a HAM that has room for two more entities. */
    Table measure(Path runDir) throws IOException {
        var table = new Table(
                "waits", "server starts in, ms", "n", "away, p50, ms", "p99, ms", "p50 : every ms", "attempts each");
        try (var ham = HamClient.connect(ClientSettings.of(runDir).named("bench"))) {
            for (var start : STARTS_MS) {
                var name = "serve" + start;
                ham.attach(EntitySpec.started(
                                name,
                                StartSpec.of(
                                        List.of(server.toString(), socket(start).toString(), "" + start)))
                        .with(List.of(RESTARTED)));
                var took = new LinkedHashMap<String, Took>();
                try {
                    for (var round = -2; round < rounds; round++) {
                        for (var way : ways(ham, name).entrySet()) {
                            var kept = round < 0 ? new Took() : took.computeIfAbsent(way.getKey(), _ -> new Took());
                            kill(ham, name, socket(start), way.getValue(), kept);
                        }
                    }
                } finally {
                    end(ham, name);
                }
                rows(table, start, took);
            }
        }
        return table;
    }

    private Path socket(int start) {
        return temp.resolve("serve" + start + ".sock");
    }

    private static Map<String, RetryPolicy> ways(Ham ham, String entity) {
        var usual = Backoff.usual();
        var ways = new LinkedHashMap<String, RetryPolicy>();
        ways.put(NEAREST, every(Duration.ofMillis(1)));
        ways.put("HAM-driven", new EntityRetry(ham, entity, usual));
        ways.put("blind, 10 ms doubled to 2 s", usual);
        ways.put("blind, every 100 ms", every(Duration.ofMillis(100)));
        ways.put("blind, every second", every(Duration.ofSeconds(1)));
        return ways;
    }

    private static RetryPolicy every(Duration wait) {
        return new Backoff(wait, wait, 1, 0, -1, MINUTE);
    }

    private static void kill(Ham ham, String entity, Path socket, RetryPolicy policy, Took took) throws IOException {
        awaitServer(socket);
        try (var connection = Connection.open(
                Target.of(entity, () -> SocketChannel.open(UnixDomainSocketAddress.of(socket)), Losses.ofSockets()),
                Recovery.retrying(policy))) {
            connection.call(AwayCost::ask);
            var pid = ham.find(entity).orElseThrow().pid().orElseThrow();
            var from = System.nanoTime();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            while (connection.generation() == 1) {
                connection.call(AwayCost::ask);
            }
            took.away.add(System.nanoTime() - from);
            took.attempts += connection.statistics().attempts();
        }
        LockSupport.parkNanos(REST);
    }

    /** What HAM started outlives it. */
    private static void end(Ham ham, String entity) {
        var pid = ham.find(entity).orElseThrow().pid();
        ham.detach(ham.entity(entity));
        pid.ifPresent(server -> ProcessHandle.of(server).ifPresent(ProcessHandle::destroyForcibly));
    }

    private static void awaitServer(Path socket) {
        while (true) {
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                ask(channel);
                return;
            } catch (IOException _) {
                LockSupport.parkNanos(LOOK_EVERY);
            }
        }
    }

    private static boolean ask(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[1]));
        if (channel.read(ByteBuffer.allocate(1)) != 1) {
            throw new EOFException("the server ended the connection");
        }
        return true;
    }

    private static void rows(Table table, int start, Map<String, Took> took) {
        var nearest = requireNonNull(took.get(NEAREST), NEAREST);
        took.forEach((name, one) -> table.row(
                name,
                String.valueOf(start),
                String.valueOf(one.away.count()),
                Table.millis(one.away, 50),
                Table.millis(one.away, 99),
                one == nearest ? "" : Table.ratio(one.away, nearest.away, 50),
                Table.number((double) one.attempts / one.away.count())));
    }
}
