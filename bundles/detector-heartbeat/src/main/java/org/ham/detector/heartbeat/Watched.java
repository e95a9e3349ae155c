package org.ham.detector.heartbeat;

import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.ham.spi.Monitored;

/** An entity that is watched, and what was found so far. Times are of progress. Confined to the judge's thread. */
final class Watched {
    private static final long FOREVER = Long.MAX_VALUE / 4;
    private static final long SHORTEST_TICK = 1_000_000;
    private static final long LONGEST_TICK = 5_000_000_000L;

    final Monitored what;
    final Beats beats;
    Beating beating;

    /** From here on silence counts: when it was told of, or an excuse ended. */
    long base;

    /** Whether its next mark is near and no beat has come. */
    boolean suspect;

    /** Whether it had an excuse at the last look. */
    boolean excused;

    /** When the last mark was told; a beat after that is a late one. */
    long told;

    /** Tells what is planned for it from what was planned before. */
    int plan;

    Watched(Monitored what, Beats beats, long base) {
        this.what = what;
        this.beats = beats;
        this.beating = what.beating();
        this.base = base;
        this.told = base;
    }

    /** The mark that comes next, 0 when none does. */
    int mark() {
        var spec = what.heartbeat();
        if (beating == Beating.OK && spec.low() > 0) {
            return spec.low();
        }
        return beating == Beating.MISSED_HIGH ? 0 : spec.high();
    }

    /** Whether the next mark is the low one. */
    boolean lowIsNext() {
        return beating == Beating.OK && what.heartbeat().low() > 0;
    }

    boolean healsItself() {
        return beating != Beating.OK && what.heartbeat().selfHealing();
    }

    long period() {
        return what.heartbeat().period().toNanos();
    }

    /** For how long it may be silent until its next mark. */
    long patience() {
        return span(mark(), period());
    }

    /** Some periods, but never so many that a sum with a time would overflow. */
    private static long span(int count, long period) {
        return count > FOREVER / period ? FOREVER : count * period;
    }

    /**
     * How often the thread shall wake so that a gap of its own cannot pass unseen while this one's silence counts: eight times
     * until its first mark.
     */
    static long tick(HeartbeatSpec spec) {
        var first = spec.low() > 0 ? spec.low() : Math.max(spec.high(), 1);
        return Math.clamp(span(first, spec.period().toNanos()) / 8, SHORTEST_TICK, LONGEST_TICK);
    }
}
