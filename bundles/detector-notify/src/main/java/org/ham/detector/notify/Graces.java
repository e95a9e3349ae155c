package org.ham.detector.notify;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.ham.api.ProcessId;
import org.ham.spi.Patience;
import org.ham.spi.Reports;
import org.ham.spi.Roster;
import org.ham.spi.Roster.Member;

/**
 * The time that entities have asked for: while it runs, an entity counts as beating, and whoever waits for it to be ready
 * waits on. Reading is thread-safe; the rest is confined to whoever holds the lock of {@link Postbox}.
 */
final class Graces implements Patience {
    /** The longest that can be asked for at once. */
    static final long MOST_NANOS = TimeUnit.HOURS.toNanos(24);

    /** How often it is said that an entity in its grace beats: heartbeats may be quick. */
    private static final long BEAT_EVERY_NANOS = 25_000_000;

    private final Reports reports;
    private final Roster roster;
    private final Map<String, Grace> all = new ConcurrentHashMap<>();

    /**
     * What one entity asked for.
     *
     * @param until when the time is over
     * @param silence for how long it may be silent after each beat, beyond its first mark; 0 when it asked for nothing
     */
    private record Grace(ProcessId process, long until, long silence) {}

    Graces(Reports reports, Roster roster) {
        this.reports = reports;
        this.roster = roster;
    }

    /** It asks to be waited for. */
    void extend(Member who, long micros, long now) {
        var grace = of(who);
        put(who, new Grace(who.process(), now + nanos(micros), grace.silence));
    }

    /**
     * It wants to be silent for longer than its heartbeat says, or no more than that.
     *
     * @param firstMark for how long it may be silent by its heartbeat
     */
    void silence(Member who, long micros, long firstMark, long now) {
        var more = Math.max(0, nanos(micros) - firstMark);
        put(who, new Grace(who.process(), more == 0 ? of(who).until : now + more, more));
    }

    /** It beat. */
    void beat(Member who, long now) {
        var grace = all.get(who.entity());
        if (grace != null && grace.process.equals(who.process()) && grace.silence > 0) {
            put(who, new Grace(who.process(), Math.max(grace.until, now + grace.silence), grace.silence));
        }
    }

    /** It is ready: what it asked for to get there is over. */
    void ready(Member who, long now) {
        var grace = all.get(who.entity());
        if (grace != null) {
            put(who, new Grace(who.process(), grace.silence > 0 ? now + grace.silence : 0, of(who).silence));
        }
    }

    private Grace of(Member who) {
        var grace = all.get(who.entity());
        return grace == null || !grace.process.equals(who.process()) ? new Grace(who.process(), 0, 0) : grace;
    }

    private void put(Member who, Grace grace) {
        if (grace.until == 0 && grace.silence == 0) {
            all.remove(who.entity());
        } else {
            all.put(who.entity(), grace);
        }
    }

    private static long nanos(long micros) {
        return micros >= MOST_NANOS / 1000 ? MOST_NANOS : micros * 1000;
    }

    @Override
    public long until(String entity) {
        var grace = all.get(entity);
        return grace == null ? 0 : grace.until;
    }

    /**
     * Says that those beat whose time is not over.
     *
     * @return in how many nanoseconds to say so again; {@link Long#MAX_VALUE} for never
     */
    long turn(long now) {
        var any = false;
        for (var entry : all.entrySet()) {
            var grace = entry.getValue();
            var lives = roster.of(entry.getKey())
                    .filter(member -> member.process().equals(grace.process))
                    .isPresent();
            if (!lives || grace.until <= now && grace.silence == 0) {
                all.remove(entry.getKey(), grace);
            } else if (grace.until > now) {
                reports.beat(entry.getKey(), grace.process);
                any = true;
            }
        }
        return any ? BEAT_EVERY_NANOS : Long.MAX_VALUE;
    }
}
