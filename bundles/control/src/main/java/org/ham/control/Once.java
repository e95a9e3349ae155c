package org.ham.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.ham.api.HamException;
import org.jspecify.annotations.Nullable;

/**
 * Does once what is asked several times under the same id, and gives the same answer to all who ask. Knows the last
 * {@value #KEPT} ids for as long as this HAM lives. A failure is forgotten, so that it may be tried again. Thread-safe.
 */
final class Once {
    static final int KEPT = 1_000;

    private final Map<String, CompletableFuture<Void>> known = new LinkedHashMap<>();

    /** What may be interrupted. */
    interface Work {
        void run() throws InterruptedException;
    }

    /** Does it, or waits for the one who is at it. */
    void run(Optional<String> id, Work work) throws InterruptedException {
        if (id.isEmpty()) {
            work.run();
            return;
        }
        var mine = new CompletableFuture<Void>();
        var other = enter(id.get(), mine);
        if (other != null) {
            await(other);
            return;
        }
        try {
            work.run();
            mine.complete(null);
        } catch (HamException e) {
            forget(id.get(), mine);
            mine.completeExceptionally(e);
            throw e;
        } finally {
            if (!mine.isDone()) {
                forget(id.get(), mine);
                mine.cancel(false);
            }
        }
    }

    private synchronized @Nullable CompletableFuture<Void> enter(String id, CompletableFuture<Void> mine) {
        var other = known.putIfAbsent(id, mine);
        if (other == null && known.size() > KEPT) {
            var eldest = known.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return other;
    }

    private synchronized void forget(String id, CompletableFuture<Void> mine) {
        known.remove(id, mine);
    }

    private static void await(CompletableFuture<Void> other) throws InterruptedException {
        try {
            other.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HamException refused) {
                throw new HamException(refused.code(), String.valueOf(refused.getMessage()), refused);
            }
            throw new IllegalStateException(e);
        } catch (CancellationException e) {
            throw new HamException(HamException.Code.FAILED, "the first of these requests was broken off", e);
        }
    }
}
