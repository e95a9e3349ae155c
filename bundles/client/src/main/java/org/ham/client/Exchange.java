package org.ham.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Where calls and connections meet: which connection there is just now, or why there is none, and the calls that are under way,
 * which outlive the connections. Thread-safe; calls are answered without its lock.
 */
final class Exchange {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Pending pending;
    private @Nullable Wire making;
    private @Nullable Wire ready;
    private boolean closed;
    private @Nullable HamException denied;
    private String problem = "nothing was tried yet";

    /** Why the HAM ended the connection that is being made or used, if it said so. */
    private Optional<String> farewell = Optional.empty();

    /** @param calls how many may be under way */
    Exchange(int calls) {
        pending = new Pending(calls);
    }

    /** A connection is being made; false when none is wanted any more. */
    boolean begin(Wire wire) {
        lock.lock();
        try {
            making = wire;
            farewell = Optional.empty();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** From now on calls go this way, those first that the last HAM did not answer. */
    void open(Wire wire) {
        lock.lock();
        try {
            ready = wire;
            denied = null;
            pending.sendOver(wire);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No calls go over the last connection any more. */
    void leave() {
        lock.lock();
        try {
            making = null;
            ready = null;
        } finally {
            lock.unlock();
        }
    }

    /** What was asked over this connection only is not answered any more. */
    void gone(Wire wire) {
        List<Call> left;
        lock.lock();
        try {
            left = pending.takeOf(wire);
        } finally {
            lock.unlock();
        }
        left.forEach(call -> call.fail(ended()));
    }

    private HamException ended() {
        lock.lock();
        try {
            return new HamException(Code.NOT_CONNECTED, farewell.orElse("the HAM ended the connection"));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a call under way.
     *
     * @param only the connection it belongs to; null for one that goes over whichever there is, now or later
     */
    Call add(String method, Object params, Consumer<Object> done, @Nullable Wire only) {
        lock.lock();
        try {
            if (closed) {
                throw new HamException(Code.NOT_CONNECTED, "this connection is closed; open another one");
            }
            if (only == null && denied != null && ready == null) {
                throw new HamException(denied.code(), String.valueOf(denied.getMessage()), denied);
            }
            var call = pending.next(method, params, done, only);
            var wire = only == null ? ready : only;
            if (wire != null && !call.sendOver(wire)) {
                if (!wire.isClosed()) {
                    throw new HamException(Code.LIMIT, method + ": too much waits to be sent; it was not carried out");
                }
                if (only != null) {
                    throw ended();
                }
            }
            pending.put(call);
            return call;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for it any more. */
    void remove(Call call) {
        lock.lock();
        try {
            pending.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the call that an answer is for; null when nobody waits for it. */
    @Nullable
    Call take(Object id) {
        lock.lock();
        try {
            return pending.take(id);
        } finally {
            lock.unlock();
        }
    }

    /** The HAM ends the connection. Who may not come in at all need not wait for a better time. */
    void bye(Calls.Bye bye) {
        var why = new Fault(0, bye.message(), bye.errno()).exception();
        var refused = List.<Call>of();
        lock.lock();
        try {
            problem = bye.message();
            farewell = Optional.of(bye.message());
            if (why.code() == Code.DENIED) {
                denied = why;
                refused = pending.takeAll();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        refused.forEach(call -> call.fail(call.sent() ? unknown(why) : why));
    }

    /** One that was sent over an earlier connection may have been carried out, whatever is said now. */
    private static HamException unknown(HamException why) {
        return new HamException(Code.TIMED_OUT, why.getMessage() + "; it may have been carried out before", why);
    }

    /** Sends something nobody answers, if there is a connection. */
    void tell(byte[] line) {
        lock.lock();
        try {
            var wire = ready != null ? ready : making;
            if (wire != null) {
                wire.tell(line);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until calls go somewhere, or it is known that they will not. */
    void awaitConnected(long nanos) {
        var left = nanos;
        lock.lock();
        try {
            while (ready == null && denied == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (denied != null) {
                throw denied;
            }
            if (ready == null) {
                throw new HamException(Code.NOT_CONNECTED, problem);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(Code.NOT_CONNECTED, "interrupted while connecting", e);
        } finally {
            lock.unlock();
        }
    }

    /** Why there is no connection. */
    void problem(String text) {
        lock.lock();
        try {
            problem = text;
        } finally {
            lock.unlock();
        }
    }

    String problem() {
        lock.lock();
        try {
            return problem;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more calls; gives the connection that is to be closed, if there is one. */
    Optional<Wire> close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            return Optional.ofNullable(making);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing answers any more. */
    void failAll() {
        List<Call> all;
        lock.lock();
        try {
            all = pending.takeAll();
        } finally {
            lock.unlock();
        }
        all.forEach(call -> call.fail(new HamException(
                call.sent() ? Code.TIMED_OUT : Code.NOT_CONNECTED, "the connection was closed; " + call.fate())));
    }
}
