package org.ham.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;

/**
 * Cuts off clients that say nothing or read nothing, and those whose process has gone while a child of it holds the connection. Sleeps
 * while there are none. Thread-safe.
 */
final class Watch implements AutoCloseable {
    private static final Duration LOOK_AFTER = Duration.ofMinutes(1);

    private final Limits limits;
    private final Predicate<ProcessId> alive;
    private final Supplier<Collection<Client>> clients;
    private final ScheduledThreadPoolExecutor clock;
    private final List<Future<?>> rounds = new ArrayList<>();

    Watch(Limits limits, Predicate<ProcessId> alive, Supplier<Collection<Client>> clients) {
        this.limits = limits;
        this.alive = alive;
        this.clients = clients;
        clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ham-control-watch").factory());
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Watches one that has just come. */
    synchronized void begin(Client client) {
        if (clock.isShutdown()) {
            return;
        }
        client.untilSpoken(
                clock.schedule(() -> first(client), limits.firstWithin().toNanos(), TimeUnit.NANOSECONDS));
        if (rounds.isEmpty()) {
            every(limits.readWithin().dividedBy(2), this::readers);
            every(LOOK_AFTER, this::living);
        }
    }

    /** Not at a fixed rate: after a stall of its own it must not look twice at once. */
    private void every(Duration period, Runnable round) {
        rounds.add(clock.scheduleWithFixedDelay(round, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void first(Client client) {
        if (!client.spoken()) {
            client.cutOff(new HamException(
                    Code.TIMED_OUT,
                    "nothing was asked within " + limits.firstWithin().toMillis() + " ms; connect when there is"));
        }
    }

    private void living() {
        for (var client : clients.get()) {
            if (client.caller().process().filter(alive.negate()).isPresent()) {
                client.close();
            }
        }
    }

    private void readers() {
        for (var client : clients.get()) {
            if (client.stalled()) {
                if (client.ended()) {
                    client.close();
                } else {
                    client.cutOff(new HamException(
                            Code.LIMIT,
                            "nothing was read for " + limits.readWithin().toMillis()
                                    + " ms; connect again and go on after the last line that came"));
                }
            }
        }
    }

    /** One has left. */
    synchronized void end(boolean last) {
        if (last && clients.get().isEmpty()) {
            rounds.forEach(round -> round.cancel(false));
            rounds.clear();
        }
    }

    /** Does something later. */
    synchronized void after(Duration time, Runnable task) {
        if (!clock.isShutdown()) {
            clock.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
