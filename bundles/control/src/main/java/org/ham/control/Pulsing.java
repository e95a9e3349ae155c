package org.ham.control;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Pulse;
import org.ham.wire.Calls;
import org.ham.wire.Message;
import org.ham.wire.Outbox;

/** Sends pulses to one client and waits for it to say that it has taken them. Thread-safe. */
final class Pulsing {
    private final Outbox outbox;
    private final Duration within;
    private final long pid;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Object, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Pulsing(Outbox outbox, Duration within, long pid) {
        this.outbox = outbox;
        this.within = within;
        this.pid = pid;
    }

    /** Sends one; throws when it was not taken. Runs on the thread of the action. */
    void send(int channel, Pulse pulse) {
        var id = "p" + ids.incrementAndGet();
        var taken = new CompletableFuture<Void>();
        waiting.put(id, taken);
        try {
            if (closed || !outbox.offer(Message.request(id, "pulse", new Calls.Send(channel, pulse)))) {
                throw gone();
            }
            taken.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HamException(
                    Code.TIMED_OUT,
                    "process " + pid + " did not take the pulse within " + within.toMillis() + " ms; it may still do",
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HamException refused ? refused : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(Code.FAILED, "interrupted while process " + pid + " takes a pulse", e);
        } finally {
            waiting.remove(id);
        }
    }

    private HamException gone() {
        return new HamException(
                Code.NOT_CONNECTED, "process " + pid + " has gone or reads nothing; the pulse was not sent");
    }

    void answered(Message message) {
        switch (message) {
            case Message.Reply reply -> {
                var taken = waiting.get(reply.id());
                if (taken != null) {
                    taken.complete(null);
                }
            }
            case Message.Failure failure -> {
                var id = failure.id();
                var taken = id == null ? null : waiting.get(id);
                if (taken != null) {
                    taken.completeExceptionally(new HamException(
                            Code.FAILED,
                            "process " + pid + " refused the pulse: "
                                    + failure.fault().message()));
                }
            }
            case Message.Request _, Message.Notice _ -> {}
        }
    }

    void close() {
        closed = true;
        waiting.values().forEach(taken -> taken.completeExceptionally(gone()));
    }
}
