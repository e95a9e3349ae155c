package org.ham.simulation;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One seed's history. */
public final class Simulation {
    private static final int SHORTEST = 150;
    private static final int LONGER = 500;
    private static final int REST_MOST = 8_000;
    private static final long CALM_NANOS = 12_000_000_000L;

    /** How many things are told of a failure, when nobody wants more. */
    public static final int TOLD = 50;

    private final World world;
    private final long seed;

    private Simulation(long seed, Path runDir, int told) {
        this.seed = seed;
        world = new World(seed, runDir, told);
    }

    /**
     * What came of a seed. Immutable.
     *
     * @param steps how many were done
     * @param audit the audit that failed, empty when none did
     * @param why what it found
     * @param last what happened last, the oldest first
     * @param hash of all that happened
     * @param counts what happened how often
     */
    public record Result(
            long seed,
            long steps,
            String audit,
            String why,
            List<String> last,
            long hash,
            Map<String, Integer> counts) {
        /** Whether everything was as it should be. */
        public boolean ok() {
            return audit.isEmpty();
        }
    }

    /**
     * Lives through a seed, until something is wrong or about so many steps are done; it ends at rest.
     *
     * @param runDir a folder that nobody else uses meanwhile
     * @param told how many things a failure tells of what happened before
     */
    public static Result run(long seed, long steps, Path runDir, int told) {
        return new Simulation(seed, runDir, told).run(steps);
    }

    private Result run(long steps) {
        try (var live = world) {
            var log = Logs.listen(live);
            try {
                live.launch();
                live(steps);
            } catch (RuntimeException e) {
                world.fail("NothingThrows", Texts.of(e));
            } finally {
                log.close();
            }
            return result();
        }
    }

    private void live(long steps) {
        while (isFine() && world.scheduler.steps() < steps) {
            var until = Math.min(steps, world.scheduler.steps() + SHORTEST + world.dice.below(LONGER));
            while (isFine() && world.scheduler.steps() < until) {
                world.scheduler.step();
            }
            rest();
        }
    }

    private boolean isFine() {
        return world.violation == null;
    }

    /** Nothing goes wrong any more, until all is done. */
    private void rest() {
        if (!isFine()) {
            return;
        }
        world.trace.add("rest");
        world.count("rests");
        world.resting = true;
        world.faults.end();
        for (var left = REST_MOST; isFine() && !isCalm(); left--) {
            if (left == 0) {
                world.fail("ComesToRest", "It does not come to rest: " + Calm.why(world));
                return;
            }
            world.faults.endUsurped();
            world.scheduler.step();
        }
        if (isFine()) {
            world.audits.atRest();
            world.linesLost = false;
            world.upgraded = false;
            // Where there was a second HAM it has ended, unless none has taken the lock since.
            world.lockStolen &= world.kernel.lockHolder == null;
        }
        world.resting = false;
        world.trace.add("unrest");
    }

    private boolean isCalm() {
        return world.kernel.mono() - world.archive.changedAt() > CALM_NANOS
                && Calm.why(world).isEmpty();
    }

    private Result result() {
        @Nullable Violation found = world.violation;
        return new Result(
                seed,
                world.scheduler.steps(),
                found == null ? "" : found.audit(),
                found == null ? "" : found.why(),
                found == null ? List.of() : world.trace.last(),
                world.trace.hash(),
                Map.copyOf(world.counts));
    }
}
