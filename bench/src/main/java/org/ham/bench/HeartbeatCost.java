package org.ham.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.HeartbeatPage;
import org.ham.detector.heartbeat.ManyBeats;
import org.ham.linux.Clocks;
import org.ham.linux.SharedPage;
import org.ham.linux.Urgency;

/** What a beat costs, how long after its mark a missed one is reported, and what watching costs. */
final class HeartbeatCost {
    private static final int BLOCK = 10_000;

    private final Clocks clocks;
    private final Urgency urgency;
    private final Path programs;
    private final Path temp;
    private final Plan plan;

    HeartbeatCost(Clocks clocks, Urgency urgency, Path programs, Path temp, Plan plan) {
        this.clocks = clocks;
        this.urgency = urgency;
        this.programs = programs;
        this.temp = temp;
        this.plan = plan;
    }

    /** Measures, and gives the tables. */
    String measure() throws IOException {
        return beats() + "\n" + watching();
    }

    private Table beats() throws IOException {
        var clock = new Samples();
        var beat = new Samples();
        var file = temp.resolve("page");
        SharedPage.create(file, HeartbeatPage.SIZE, page -> {
                    page.setRelease(0, HeartbeatPage.MAGIC);
                    page.setRelease(HeartbeatPage.VERSION_AT, HeartbeatPage.VERSION);
                })
                .close();
        var page = HeartbeatPage.open(file);
        var keep = 0L;
        for (var block = 0; block < 2 * plan.journalBlocks(); block++) {
            var from = System.nanoTime();
            for (var i = 0; i < BLOCK; i++) {
                keep += System.nanoTime();
            }
            var between = System.nanoTime();
            for (var i = 0; i < BLOCK; i++) {
                page.beat();
            }
            var to = System.nanoTime();
            // The first half warms up.
            if (block >= plan.journalBlocks()) {
                clock.add((between - from) / BLOCK);
                beat.add((to - between) / BLOCK);
            }
        }
        if (keep == 0) {
            throw new IllegalStateException("looked at, so that the compiler cannot leave the clock reads out");
        }
        var table = new Table("a beat", "n", "p50, ns", "p99, ns", "aim");
        row(table, "System.nanoTime() alone", clock, "");
        row(table, "HeartbeatPage.beat()", beat, "≤ 1.2 × its clock read");
        notifyCost()
                .ifPresent(words -> table.row(
                        "sd_notify datagram, in C",
                        String.valueOf(BLOCK),
                        words.getFirst(),
                        words.getLast(),
                        "≥ 30 × a beat"));
        return table;
    }

    private static void row(Table table, String what, Samples samples, String aim) {
        table.row(
                what,
                samples.count() + " × " + BLOCK,
                String.valueOf(samples.percentile(50)),
                String.valueOf(samples.percentile(99)),
                aim);
    }

    private Optional<List<String>> notifyCost() throws IOException {
        var program = programs.resolve("notify");
        if (!Files.isExecutable(program)) {
            return Optional.empty();
        }
        var process = new ProcessBuilder(program.toString(), temp.toString(), String.valueOf(BLOCK)).start();
        var words = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return Optional.of(List.of(words.split(" "))).filter(two -> two.size() == 2);
    }

    private Table watching() throws IOException {
        var table = new Table(
                "entities at 10 beats a second",
                "n",
                "reported after the mark, p50, ms",
                "p99, ms",
                "aim",
                "CPU of the watching thread, ms a second");
        for (var count : List.of(1, 100, 10_000)) {
            watch(table, count, true);
        }
        watch(table, 10_000, false);
        return table;
    }

    private void watch(Table table, int count, boolean trusted) throws IOException {
        System.err.println("bench: " + count + " beating entities");
        var errors = new Samples();
        var folder = Files.createTempDirectory(temp, "beats");
        try (var many = new ManyBeats(clocks, urgency, folder, count, trusted)) {
            rest(Duration.ofSeconds(2));
            var seconds = plan.idle().toSeconds() / 2;
            var cpu = ManyBeats.watcherCpuNanos();
            rest(Duration.ofSeconds(seconds));
            cpu = (ManyBeats.watcherCpuNanos() - cpu) / seconds;
            for (var i = 0; i < plan.kills() / 2; i++) {
                errors.add(many.missOne(i * 97 % count));
            }
            table.row(
                    count + (trusted ? "" : ", of another user"),
                    String.valueOf(errors.count()),
                    Table.millis(errors, 50),
                    Table.millis(errors, 99),
                    "≤ 5",
                    Table.number(cpu / 1e6));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rest(Duration time) {
        var until = System.nanoTime() + time.toNanos();
        for (var left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
