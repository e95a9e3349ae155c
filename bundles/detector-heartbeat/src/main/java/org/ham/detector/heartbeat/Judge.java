package org.ham.detector.heartbeat;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.ham.api.Beating;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.spi.Monitored;
import org.jspecify.annotations.Nullable;

/**
 * Judges who has missed beats. Has no clock and no thread of its own: {@link #turn} is called at the time it named the last
 * time, or earlier. Confined to one thread.
 */
/*
 * How it looks
 *
 * Most entities are well, so as little as possible is done for them. Each is looked at once in a while, together with others, at
 * the ticks of the thread: one period before its mark would be reached if it had not beaten since the last look. Only if it
 * really has not, it becomes a suspect and gets a wake-up of its own at the very moment its mark is due.
 *
 * How it does not accuse the innocent
 *
 * - The clock is read before the beat, and again after every few, so a beat can only be younger than it seems.
 * - Silence is measured in time of progress (ProgressClock): what this process was stopped for does not count, nor what the core
 *   was held up for (HoldUps), by a slow disk for example: beats may wait for it, and it cannot carry out anything anyway.
 * - After a gap of its own longer than an entity's period, it accuses that entity only once it has run a full period without
 *   one: an entity that was stopped along with it gets the time to beat. A shorter one is nothing but lost time: on a busy machine
 *   they are common, and an entity that may miss a beat has its full period left anyway. Ticks see to it that there are no gaps
 *   it does not know of.
 * - What was missed before it began, or while a part of HAM was being replaced, was not seen and does not count.
 * - An excuse (frozen, traced) is asked for from one period before the mark on, at each tick and at the mark. While there is one,
 *   silence does not count, and afterwards it counts anew. When very many are suspects, as after a mass failure, the ticks in
 *   between are left out: asking takes system calls.
 */
final class Judge {
    private static final Logger LOG = System.getLogger(Judge.class.getName());

    /** How often an excuse is asked for again. */
    private static final long SOONEST_EXCUSE = 100_000_000;

    private static final long LATEST_EXCUSE = 5_000_000_000L;

    /** Of more suspects than these, excuses are asked for twice only. */
    private static final int MANY = 200;

    /** How many are looked at between two readings of the clock. */
    private static final int AT_ONCE = 64;

    /** After a failure. */
    private static final long RETRY = 1_000_000_000;

    private final Function<ProcessId, @Nullable Slots> pages;
    private final Function<ProcessId, Excuse> excuses;
    private final LongFunction<List<HoldUps.Span>> holdUps;
    private final Verdicts verdicts;
    private final Clocks clocks;
    private final ProgressClock clock;
    private final Map<String, Watched> watched = new HashMap<>();
    private final PriorityQueue<Plan> looks = new PriorityQueue<>(Comparator.comparingLong(Plan::at));
    private final PriorityQueue<Plan> due = new PriorityQueue<>(Comparator.comparingLong(Plan::at));
    private final TreeMap<Long, Integer> ticks = new TreeMap<>();
    private final long begun;
    private int suspects;
    private long now;

    /** Whether the core is held up: however long this waits, no time of progress comes to a moment. */
    private boolean standsStill;

    /** When something is to be looked at; void when the entity's plan has changed since. */
    private record Plan(long at, Watched who, int number) {
        boolean isVoid() {
            return number != who.plan;
        }
    }

    /**
     * A judge that watches nobody yet.
     *
     * @param pages the page of a process, null when it has none
     * @param excuses asks whether a process is to blame
     * @param holdUps asks, given the time, when the core was held up since it was asked the last time
     */
    Judge(
            Function<ProcessId, @Nullable Slots> pages,
            Function<ProcessId, Excuse> excuses,
            LongFunction<List<HoldUps.Span>> holdUps,
            Verdicts verdicts,
            Clocks clocks) {
        this.pages = pages;
        this.excuses = excuses;
        this.holdUps = holdUps;
        this.verdicts = verdicts;
        this.clocks = clocks;
        this.clock = new ProgressClock(clocks.monotonic(), clocks.boottime());
        begun = progress();
    }

    /** Reads the clocks; to be called before anything else of a turn. */
    void read() {
        now = progress();
    }

    private long progress() {
        var monotonic = clocks.monotonic();
        var heldUp = holdUps.apply(monotonic);
        standsStill = !heldUp.isEmpty() && heldUp.getLast().end() == monotonic;
        return clock.read(monotonic, clocks.boottime(), heldUp);
    }

    /** Watches an entity from now on. */
    Watched monitor(Monitored what) {
        var known = watched.get(what.entity());
        if (known != null && isSame(known.what, what)) {
            // What was told of it has come into the journal: nothing begins anew.
            if (known.beating.compareTo(what.beating()) < 0) {
                known.beating = what.beating();
                planAt(looks, now, known);
            }
            return known;
        }
        forget(what.entity());
        var since = Math.max(Math.min(clock.at(what.since()), now), begun);
        var fresh = new Watched(what, new Beats(pages.apply(what.process()), since, now, clock), since);
        watched.put(what.entity(), fresh);
        ticks.merge(Watched.tick(what.heartbeat()), 1, Integer::sum);
        plan(fresh, now);
        return fresh;
    }

    private static boolean isSame(Monitored one, Monitored other) {
        return one.process().equals(other.process())
                && one.heartbeat().equals(other.heartbeat())
                && one.since() == other.since();
    }

    /** Silence counts anew for all: until now beats may not have got here. */
    void pardon() {
        for (var who : watched.values()) {
            if (who.mark() != 0) {
                who.base = now;
                plan(who, now);
            }
        }
    }

    void forget(String entity) {
        var gone = watched.remove(entity);
        if (gone != null) {
            gone.plan++;
            gone.beats.close();
            suspect(gone, false);
            ticks.computeIfPresent(Watched.tick(gone.what.heartbeat()), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** A process has got a page. */
    void page(String entity, ProcessId process) {
        var known = watched.get(entity);
        if (known != null && known.what.process().equals(process)) {
            known.beats.page(pages.apply(process), now, clock);
        }
    }

    /**
     * Looks at those that are to be looked at.
     *
     * @return when to turn again at the latest, {@code CLOCK_MONOTONIC}; {@link Long#MAX_VALUE} for never
     */
    long turn() {
        while (run(due) | run(looks)) {
            read();
        }
        if (ticks.isEmpty()) {
            return Long.MAX_VALUE;
        }
        // Its own work is no gap.
        read();
        dropVoid(due);
        var tick = now + ticks.firstKey();
        var next = due.peek();
        var wake = clock.monotonic(next == null || standsStill ? tick : Math.min(tick, next.at));
        clock.sleepUntil(wake);
        return wake;
    }

    /** Looks at those whose time has come, but not at too many at once; true when there may be more. */
    private boolean run(PriorityQueue<Plan> plans) {
        var left = AT_ONCE;
        for (var next = plans.peek(); next != null && next.at <= now && left > 0; next = plans.peek()) {
            plans.remove();
            if (!next.isVoid()) {
                lookGuarded(next.who);
                left--;
            }
        }
        return left == 0;
    }

    /** What cannot be looked at is looked at again; all others are looked at in any case. */
    private void lookGuarded(Watched who) {
        try {
            look(who);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The beats of '" + who.what.entity() + "' could not be looked at; trying again", e);
            planAt(looks, now + RETRY, who);
        }
    }

    private static void dropVoid(PriorityQueue<Plan> plans) {
        while (plans.peek() instanceof Plan next && next.isVoid()) {
            plans.remove();
        }
    }

    private void look(Watched who) {
        var found = who.beats.look(now, clock);
        if (found.isEmpty()) {
            // Perhaps it could not use its page, because it has become another user since that was made.
            who.beats.page(pages.apply(who.what.process()), now, clock);
        }
        var beat = Math.max(found.orElse(Long.MIN_VALUE), who.base);
        if (who.healsItself() && beat > who.told) {
            who.beating = Beating.OK;
            verdicts.beatsAgain(who.what.entity(), who.what.process());
        }
        if (who.mark() == 0) {
            plan(who, beat);
            return;
        }
        var silent = now - beat;
        if (who.excused || silent >= who.patience() - lead(who)) {
            var before = who.excused;
            who.excused = excuses.apply(who.what.process()) != Excuse.NONE;
            if (who.excused || before) {
                excuse(who);
                return;
            }
        }
        if (silent < who.patience()) {
            plan(who, beat);
        } else {
            accuse(who, beat);
        }
    }

    /** Silence does not count while there is an excuse, and counts anew once there is none. */
    private void excuse(Watched who) {
        who.base = now;
        suspect(who, false);
        if (who.excused) {
            planAt(looks, now + Math.clamp(who.period() / 2, SOONEST_EXCUSE, LATEST_EXCUSE), who);
        } else {
            plan(who, now);
        }
    }

    /** How long before its mark somebody silent becomes a suspect. */
    private static long lead(Watched who) {
        return Math.min(who.period(), who.patience() / 2);
    }

    private void accuse(Watched who, long beat) {
        var gap = clock.lastGap(Math.max(who.period(), ProgressClock.COARSENESS));
        if (gap != Long.MIN_VALUE && now - gap < who.period()) {
            planAt(due, gap + who.period(), who);
            return;
        }
        var mark = who.lowIsNext() ? Beating.MISSED_LOW : Beating.MISSED_HIGH;
        var missed = (int) Math.min(Integer.MAX_VALUE, (now - beat) / who.period());
        who.beating = mark;
        who.told = now;
        verdicts.missed(who.what.entity(), who.what.process(), mark, missed);
        if (who.mark() > 0 && now - beat >= who.patience()) {
            accuse(who, beat);
        } else {
            plan(who, beat);
        }
    }

    private void suspect(Watched who, boolean is) {
        if (who.suspect != is) {
            who.suspect = is;
            suspects += is ? 1 : -1;
        }
    }

    /** Plans the next look at one that last beat then. */
    private void plan(Watched who, long beat) {
        suspect(who, false);
        if (who.mark() == 0) {
            // Nothing to miss any more; a late beat is waited for, in good time.
            if (who.healsItself()) {
                planAt(looks, now + Math.max(who.period() / 2, Watched.tick(who.what.heartbeat())), who);
            } else {
                who.plan++;
            }
            return;
        }
        var at = beat + who.patience();
        var look = at - lead(who);
        if (look > now) {
            planAt(looks, look, who);
        } else {
            suspect(who, true);
            var next = suspects > MANY ? at : Math.min(at, now + Watched.tick(who.what.heartbeat()));
            planAt(due, Math.max(next, now + 1), who);
        }
    }

    private static void planAt(PriorityQueue<Plan> plans, long at, Watched who) {
        who.plan++;
        plans.add(new Plan(at, who, who.plan));
    }

    int count() {
        return watched.size();
    }
}
