package org.ham.itests.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.HeartbeatPage;

/**
 * Beats for many entities from one thread, each in its own page, looks at how one program beats that does so for itself, and notes how long
 * any of them was held up by a busy machine: who did not beat was not accused falsely. Thread-safe.
 */
final class Pacemaker implements AutoCloseable {
    private static final long EVERY_NANOS = 5_000_000;

    private final List<HeartbeatPage> pages;
    private final BeatPages looks;
    private final long program;
    private final AtomicLong longest = new AtomicLong();
    private final Thread thread;
    private volatile long round;
    private volatile long rounds;
    private volatile boolean paused;
    private volatile boolean held;
    private volatile boolean over;

    /** @param program the pid of the one that beats for itself */
    Pacemaker(List<HeartbeatPage> pages, BeatPages looks, long program) {
        this.pages = new ArrayList<>(pages);
        this.looks = looks;
        this.program = program;
        this.thread = Thread.ofPlatform().name("pacemaker").start(this::run);
    }

    private void run() {
        var beaten = System.nanoTime();
        var known = looks.oldestBeat(program);
        var seen = beaten;
        while (!over) {
            var now = System.nanoTime();
            if (!paused) {
                pages.forEach(HeartbeatPage::beat);
                round = now;
                note(System.nanoTime() - beaten);
            }
            beaten = now;
            var beat = looks.oldestBeat(program);
            if (held) {
                seen = now;
            } else if (beat == known) {
                note(now - seen);
            } else {
                note(beat - Math.max(known, seen));
                seen = beat;
            }
            known = beat;
            rounds++;
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    /** The program that beats for itself has not, for so long: whoever was to keep it from that did so. */
    void requireSilence(long nanos) {
        if (System.nanoTime() - looks.lastBeat(program) < nanos) {
            throw new AssertionError("process " + program + " beats though it was kept from it");
        }
    }

    /** Whether all beat again within so long after a moment that has just passed; otherwise they count as held up. */
    void expectBeats(long since, long within) {
        while (System.nanoTime() - since <= within) {
            if (looks.oldestBeat(program) > since && round > since) {
                return;
            }
            LockSupport.parkNanos(EVERY_NANOS / 5);
        }
        note(Long.MAX_VALUE);
    }

    /** Waits until a gap that there is now has been noted. */
    void awaitRound() {
        for (var until = rounds + 2; rounds < until && thread.isAlive(); ) {
            LockSupport.parkNanos(EVERY_NANOS / 5);
        }
    }

    private void note(long gap) {
        longest.accumulateAndGet(gap, Math::max);
    }

    /** Falls silent for all of its entities, or goes on. */
    void pause(boolean silent) {
        paused = silent;
    }

    /** The program that beats for itself is kept from it on purpose, or is not any more. */
    void hold(boolean isHeld) {
        held = isHeld;
    }

    /** The longest time, since this was asked last, for which anybody was held up. */
    long longest() {
        return longest.getAndSet(0);
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
