package org.ham.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Many seeds, one after the other, on a few threads. The program of {@code simulation/run}. */
public final class Campaign {
    private static final long PROGRESS_MILLIS = 10_000;

    private final Options options;
    private final PrintStream out;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong seeds = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();
    private final Map<String, Long> counts = new TreeMap<>();
    private final AtomicReference<Simulation.@Nullable Result> failed = new AtomicReference<>();

    /**
     * What was asked for. Immutable.
     *
     * @param seeds how many
     * @param steps about how many each
     * @param first the first; the others follow from it
     * @param told how many things a failure tells of what happened before
     */
    public record Options(long seeds, long steps, long first, int threads, int told) {
        /** The seed with a number. */
        long seed(long number) {
            return number == 0 ? first : new SplittableRandom(first + number).nextLong(Long.MAX_VALUE);
        }
    }

    /** One that prints as it goes. */
    public Campaign(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs the program; the exit code is 1 when an audit failed, 2 when the options are wrong. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var options = read(arguments);
        if (options == null) {
            System.err.println("usage: simulation/run [--seeds N] [--steps N] [--seed S] [--threads N] [--told N]");
            System.exit(2);
            return;
        }
        System.exit(new Campaign(options, System.out).run().isEmpty() ? 0 : 1);
    }

    private static @Nullable Options read(String[] arguments) {
        var seeds = -1L;
        var steps = 1_000L;
        var first = -1L;
        var threads = 1;
        var told = Simulation.TOLD;
        for (var i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length || !arguments[i + 1].matches("\\d{1,19}")) {
                return null;
            }
            var value = Long.parseLong(arguments[i + 1]);
            switch (arguments[i]) {
                case "--seeds" -> seeds = value;
                case "--steps" -> steps = value;
                case "--seed" -> first = value;
                case "--threads" -> threads = Math.clamp(value, 1, 64);
                case "--told" -> told = Math.clamp(value, 1, 1_000_000);
                default -> {
                    return null;
                }
            }
        }
        var fresh = new SplittableRandom().nextLong(1L << 40);
        return new Options(seeds >= 0 ? seeds : first >= 0 ? 1 : 100, steps, first >= 0 ? first : fresh, threads, told);
    }

    /** Runs them all, or up to the first failure; returns what that was, empty when there was none. */
    public String run() throws IOException, InterruptedException {
        var begun = System.nanoTime();
        var all = new Thread[options.threads()];
        for (var i = 0; i < all.length; i++) {
            all[i] = Thread.ofPlatform().name("simulation-" + i).start(this::work);
        }
        for (var thread : all) {
            for (thread.join(PROGRESS_MILLIS); thread.isAlive(); thread.join(PROGRESS_MILLIS)) {
                out.println(figures(begun));
            }
        }
        out.println(figures(begun));
        counts.forEach((what, count) -> out.printf("  %,12d %s%n", count, what));
        var result = failed.get();
        if (result == null) {
            return "";
        }
        var told = tell(result);
        out.println(told);
        return told;
    }

    private String figures(long begun) {
        var seconds = (System.nanoTime() - begun) / 1e9;
        return String.format(
                java.util.Locale.ROOT,
                "%,d seeds from %d on, %,d steps in %.1f s, %,.0f a second",
                seeds.get(),
                options.first(),
                steps.get(),
                seconds,
                steps.get() / seconds);
    }

    private void work() {
        try {
            var folder = Files.createTempDirectory("ham-simulation");
            try {
                for (var i = next.getAndIncrement();
                        i < options.seeds() && failed.get() == null;
                        i = next.getAndIncrement()) {
                    take(Simulation.run(options.seed(i), options.steps(), folder, options.told()));
                }
            } finally {
                Files.deleteIfExists(folder.resolve("guardian.pid"));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void take(Simulation.Result result) {
        seeds.incrementAndGet();
        steps.addAndGet(result.steps());
        synchronized (counts) {
            result.counts().forEach((what, count) -> counts.merge(what, (long) count, Long::sum));
        }
        if (!result.ok()) {
            failed.compareAndSet(null, result);
        }
    }

    private String tell(Simulation.Result result) {
        return "FAILED: seed " + result.seed() + ", step " + result.steps() + ", " + result.audit() + "\n"
                + result.why()
                + "\nwhat happened last:\n  " + String.join("\n  ", result.last())
                + "\nagain: simulation/run --seed " + result.seed() + " --steps " + options.steps();
    }
}
