package org.ham.bench;

import com.sun.management.ThreadMXBean;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ham.recovery.Connection;
import org.ham.recovery.Losses;
import org.ham.recovery.RecoveringSocketChannel;
import org.ham.recovery.Recovery;
import org.ham.recovery.StreamReplay;
import org.ham.recovery.Target;

/**
 * What the recovery library costs while nothing fails: round trips of 64 bytes over loopback, through a plain channel and through covers,
 * block by block in turns. An overhead is the median over all turns of a block against the plain one beside it, so that what
 * else the machine does meets both alike.
 */
final class CoverCost {
    private static final int BYTES = 64;
    private static final int BLOCK = 1_000;
    private static final String PLAIN = "SocketChannel";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final int turns;

    CoverCost(Plan plan) {
        this.turns = plan.journalBlocks() * 3;
    }

    private interface RoundTrip {
        void go(ByteBuffer buffer) throws IOException;
    }

    /** One way to the other process, and what it took. */
    private static final class Way {
        private final RoundTrip roundTrip;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        final Samples each = new Samples();
        final List<Double> blocks = new ArrayList<>();
        final List<Double> medians = new ArrayList<>();
        long allocated;

        Way(RoundTrip roundTrip) {
            this.roundTrip = roundTrip;
        }

        void block(boolean kept) throws IOException {
            var took = new long[BLOCK];
            var bytes = THREADS.getCurrentThreadAllocatedBytes();
            var from = System.nanoTime();
            for (var i = 0; i < BLOCK; i++) {
                var begun = System.nanoTime();
                roundTrip.go(buffer);
                took[i] = System.nanoTime() - begun;
            }
            var whole = System.nanoTime() - from;
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
            if (kept) {
                allocated += bytes;
                blocks.add((double) whole);
                var block = new Samples();
                for (var one : took) {
                    each.add(one);
                    block.add(one);
                }
                medians.add((double) block.median());
            }
        }
    }

    Table measure() throws IOException {
        try (var echo = new LoopbackEcho();
                var plain = echo.connect();
                var covered = RecoveringSocketChannel.open(
                        Target.of("echo", echo::connect, Losses.ofSockets()), StreamReplay.STOP, Recovery.reopening());
                var connection = Connection.open(
                        Target.of("echo", () -> new Held(echo.connect()), Losses.ofSockets()), Recovery.reopening())) {
            var ways = new LinkedHashMap<String, Way>();
            ways.put(PLAIN, new Way(buffer -> roundTrip(plain, buffer)));
            ways.put("RecoveringSocketChannel", new Way(buffer -> {
                roundTrip(covered, buffer);
                covered.settle();
            }));
            ways.put("Connection.call", new Way(buffer -> connection.call(held -> roundTrip(held.channel(), buffer))));
            var all = List.copyOf(ways.values());
            for (var turn = -turns / 3; turn < turns; turn++) {
                for (var i = 0; i < all.size(); i++) {
                    // Nobody always comes after the same one.
                    all.get(Math.floorMod(i + turn, all.size())).block(turn >= 0);
                }
            }
            return table(ways);
        }
    }

    private record Held(SocketChannel channel) implements Closeable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static boolean roundTrip(ByteChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the other process ended");
            }
        }
        return true;
    }

    private static Table table(Map<String, Way> ways) {
        var table = new Table(
                "round trip of 64 bytes",
                "n",
                "p50, µs",
                "p99, µs",
                "a second",
                "bytes allocated",
                "latency, overhead",
                "throughput, overhead",
                "aim");
        var plain = ways.entrySet().iterator().next().getValue();
        ways.forEach((name, way) -> table.row(
                name,
                String.valueOf(way.each.count()),
                Table.number(way.each.percentile(50) / 1e3),
                Table.number(way.each.percentile(99) / 1e3),
                String.format(Locale.ROOT, "%.0f", BLOCK * 1e9 / median(way.blocks)),
                Table.number((double) way.allocated / way.each.count()),
                way == plain ? "" : overhead(way.medians, plain.medians),
                way == plain ? "" : overhead(way.blocks, plain.blocks),
                way == plain ? "" : "< 5 %"));
        return table;
    }

    private static String overhead(List<Double> one, List<Double> other) {
        var ratios = new ArrayList<Double>();
        for (var turn = 0; turn < one.size(); turn++) {
            ratios.add(one.get(turn) / other.get(turn));
        }
        return String.format(Locale.ROOT, "%+.1f %%", (median(ratios) - 1) * 100);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
