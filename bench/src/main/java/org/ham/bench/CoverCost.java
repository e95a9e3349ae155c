package org.ham.bench;

import com.sun.management.ThreadMXBean;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.SocketFactory;
import org.ham.recovery.Connection;
import org.ham.recovery.Losses;
import org.ham.recovery.Protocols;
import org.ham.recovery.RecoveringSocketChannel;
import org.ham.recovery.RecoveringSocketFactory;
import org.ham.recovery.Recovery;
import org.ham.recovery.SocketPolicy;
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
    private static final int TIMEOUT_MS = 30_000;

    private static final SocketPolicy REPEATED = SocketPolicy.of(Protocols.lines(_ -> true), Recovery.reopening());

    /**
     * After a silence such a socket looks whether its peer is there, by a read with a time-out. A socket of the JDK goes on in that
     * mode, where each read asks the kernel more often, as one does that was connected or read from with a time-out.
     */
    private static final SocketPolicy AT_MOST_ONCE = SocketPolicy.of(Protocols.lines(_ -> false), Recovery.reopening());

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final int turns;

    CoverCost(Plan plan) {
        this.turns = plan.journalBlocks() * 3;
    }

    private interface RoundTrip {
        void go() throws IOException;
    }

    /** One way to the other process, and what it took. */
    private static final class Way {
        final String name;
        final List<Way> plain;
        private final RoundTrip roundTrip;
        final Samples each = new Samples();
        final List<Double> blocks = new ArrayList<>();
        final List<Double> medians = new ArrayList<>();
        long allocated;

        Way(String name, List<Way> plain, RoundTrip roundTrip) {
            this.name = name;
            this.plain = plain;
            this.roundTrip = roundTrip;
        }

        void block(boolean kept) throws IOException {
            // After the others' turns comes the look, if there is one.
            roundTrip.go();
            var took = new long[BLOCK];
            var bytes = THREADS.getCurrentThreadAllocatedBytes();
            var from = System.nanoTime();
            for (var i = 0; i < BLOCK; i++) {
                var begun = System.nanoTime();
                roundTrip.go();
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
                        Target.of("echo", () -> new Held(echo.connect()), Losses.ofSockets()), Recovery.reopening());
                var socket = echo.connect(SocketFactory.getDefault());
                var timed = echo.connect(SocketFactory.getDefault(), TIMEOUT_MS);
                var coveredSocket = echo.connect(new RecoveringSocketFactory(REPEATED));
                var lookingSocket = echo.connect(new RecoveringSocketFactory(AT_MOST_ONCE))) {
            var buffer = ByteBuffer.allocateDirect(BYTES);
            var channels = new Way("SocketChannel", List.of(), () -> roundTrip(plain, buffer));
            var sockets = new Way("Socket", List.of(), streams(socket));
            var timedSockets = new Way("Socket connected with a time-out", List.of(sockets), streams(timed));
            var all = List.of(
                    channels,
                    new Way("RecoveringSocketChannel", List.of(channels), () -> {
                        roundTrip(covered, buffer);
                        covered.settle();
                    }),
                    new Way(
                            "Connection.call",
                            List.of(channels),
                            () -> connection.call(held -> roundTrip(held.channel(), buffer))),
                    sockets,
                    new Way("RecoveringSocketFactory, may be repeated", List.of(sockets), streams(coveredSocket)),
                    timedSockets,
                    new Way(
                            "RecoveringSocketFactory, at most once, has looked",
                            List.of(timedSockets, sockets),
                            streams(lookingSocket)));
            for (var turn = -turns / 3; turn < turns; turn++) {
                for (var i = 0; i < all.size(); i++) {
                    // Nobody always comes after the same one.
                    all.get(Math.floorMod(i + turn, all.size())).block(turn >= 0);
                }
            }
            return table(all);
        }
    }

    /** A line of so many bytes and back. */
    private static RoundTrip streams(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var out = socket.getOutputStream();
        var line = new byte[BYTES];
        line[BYTES - 1] = '\n';
        var answer = new byte[BYTES];
        return () -> {
            out.write(line);
            if (in.readNBytes(answer, 0, BYTES) < BYTES) {
                throw new EOFException("the other process ended");
            }
        };
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

    private static Table table(List<Way> ways) {
        var table = new Table(
                "round trip of 64 bytes",
                "n",
                "p50, µs",
                "p99, µs",
                "a second",
                "bytes allocated",
                "beside",
                "latency, overhead",
                "throughput, overhead; aim: both < 5 %");
        for (var way : ways) {
            if (way.plain.isEmpty()) {
                row(table, way, "", "", "");
            }
            for (var plain : way.plain) {
                row(table, way, plain.name, overhead(way.medians, plain.medians), overhead(way.blocks, plain.blocks));
            }
        }
        return table;
    }

    private static void row(Table table, Way way, String beside, String latency, String throughput) {
        table.row(
                way.name,
                String.valueOf(way.each.count()),
                Table.number(way.each.percentile(50) / 1e3),
                Table.number(way.each.percentile(99) / 1e3),
                String.format(Locale.ROOT, "%.0f", BLOCK * 1e9 / median(way.blocks)),
                Table.number((double) way.allocated / way.each.count()),
                beside,
                latency,
                throughput);
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
