package org.ham.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.wire.Calls;
import org.jspecify.annotations.Nullable;

/** A call under way: the line stays the same however often it is sent. Thread-safe. */
final class Call {
    final long id;
    final byte[] line;
    final CompletableFuture<Object> reply = new CompletableFuture<>();
    final @Nullable Wire only;
    private final Consumer<Object> done;
    private volatile boolean sent;

    /**
     * @param done told of the result on the thread that reads, before anything that is read later
     * @param only the connection it ends with; null for one that goes on over the next connection
     */
    Call(long id, byte[] line, Consumer<Object> done, @Nullable Wire only) {
        this.id = id;
        this.line = line;
        this.done = done;
        this.only = only;
    }

    /** False when there is no room, or the connection has ended. */
    boolean sendOver(Wire wire) {
        var taken = wire.send(line);
        if (taken) {
            sent = true;
        }
        return taken;
    }

    /** Whether the HAM may have seen it. */
    boolean sent() {
        return sent;
    }

    /** What is known of it when no answer came, in words. */
    String fate() {
        return sent ? "it may have been carried out or still be, look before you repeat" : "it was not carried out";
    }

    void complete(@Nullable Object result) {
        var given = result == null ? new Calls.Nothing() : result;
        try {
            done.accept(given);
            reply.complete(given);
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
    }

    void fail(HamException why) {
        reply.completeExceptionally(why);
    }
}
