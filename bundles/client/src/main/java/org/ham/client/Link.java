package org.ham.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.Message;
import org.ham.wire.Reading;
import org.jspecify.annotations.Nullable;

/** The way to the HAM, whichever that is: connects again whenever a connection ends. Thread-safe. */
final class Link implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long GREET_WITHIN_SECONDS = 10;

    /** Who hears what the HAM says, and makes things anew on a new connection. */
    interface User {
        /** A notice or a request of the HAM; called on the thread that reads. */
        void heard(Message message);

        /** There is a new connection, which nobody else uses yet. */
        void connected(Asking asking) throws InterruptedException;
    }

    /** Calls on a new connection. */
    interface Asking {
        /** Asks and waits for the result; throws {@link HamException} when refused. */
        Object ask(String method, Object params, Consumer<Object> done) throws InterruptedException;
    }

    private final ClientSettings settings;
    private final User user;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Call> calls = new LinkedHashMap<>();
    private long ids;
    private @Nullable Wire making;
    private @Nullable Wire ready;
    private boolean closed;
    private @Nullable HamException denied;
    private String problem = "nothing was tried yet";

    /** Why the HAM ended the connection that is being made or used, if it said so. */
    private Optional<String> farewell = Optional.empty();

    private final Thread thread;

    Link(ClientSettings settings, User user) {
        this.settings = settings;
        this.user = user;
        thread = Thread.ofVirtual().name("ham-client").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        var pause = FIRST_PAUSE_NANOS;
        try {
            while (!closed()) {
                pause = connect() ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, pause * 2);
                pause(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            failAll();
        }
    }

    /** One connection from its beginning to its end; false when it did not come about. */
    private boolean connect() throws InterruptedException {
        try (var wire = new Wire(settings.socket(), this::heard, this::gone)) {
            if (!begin(wire)) {
                return false;
            }
            greet(wire);
            user.connected((method, params, done) -> ask(wire, method, params, done));
            open(wire);
            wire.awaitEnd();
            return true;
        } catch (IOException e) {
            problem("there is no HAM at " + settings.socket() + " (" + e.getMessage()
                    + "); start HAM, or name another run-dir");
            return false;
        } catch (HamException e) {
            problem(String.valueOf(e.getMessage()));
            return false;
        } finally {
            leave();
        }
    }

    private void greet(Wire wire) throws InterruptedException {
        ask(wire, "hello", new Calls.Hello(Calls.VERSION, settings.name()), _ -> {});
    }

    private boolean begin(Wire wire) {
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
    private void open(Wire wire) {
        lock.lock();
        try {
            ready = wire;
            denied = null;
            calls.values().stream().filter(call -> call.only == null).forEach(call -> send(wire, call));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            making = null;
            ready = null;
        } finally {
            lock.unlock();
        }
    }

    private static boolean send(Wire wire, Call call) {
        var taken = wire.send(call.line);
        if (taken) {
            call.sending();
        }
        return taken;
    }

    /** What was asked over this connection only is not answered any more. */
    private void gone(Wire wire) {
        var left = new ArrayList<Call>();
        lock.lock();
        try {
            calls.values().stream().filter(call -> call.only == wire).forEach(left::add);
            left.forEach(call -> calls.remove(call.id));
        } finally {
            lock.unlock();
        }
        left.forEach(call -> call.reply.completeExceptionally(ended()));
    }

    private HamException ended() {
        lock.lock();
        try {
            return new HamException(Code.NOT_CONNECTED, farewell.orElse("the HAM ended the connection"));
        } finally {
            lock.unlock();
        }
    }

    private Object ask(Wire wire, String method, Object params, Consumer<Object> done) throws InterruptedException {
        var call = add(method, params, done, wire);
        try {
            return call.reply.get(GREET_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new HamException(Code.TIMED_OUT, "the HAM does not answer", e);
        } catch (ExecutionException e) {
            throw refusal(e);
        } finally {
            remove(call);
        }
    }

    /** Asks the HAM, through a takeover if need be, and gives the result as plain values. */
    Object ask(String method, Object params, Consumer<Object> done) {
        var call = add(method, params, done, null);
        try {
            return call.reply.get(settings.within().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late(method, call);
        } catch (ExecutionException e) {
            throw refusal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(
                    call.sent() ? Code.TIMED_OUT : Code.NOT_CONNECTED, method + ": interrupted; " + fate(call), e);
        } finally {
            remove(call);
        }
    }

    private HamException late(String method, Call call) {
        var within = settings.within().toMillis() + " ms";
        return call.sent()
                ? new HamException(Code.TIMED_OUT, method + ": no answer within " + within + "; " + fate(call))
                : new HamException(
                        Code.NOT_CONNECTED,
                        method + ": no connection within " + within + ", " + problem() + "; " + fate(call));
    }

    private static String fate(Call call) {
        return call.sent()
                ? "it may have been carried out or still be, look before you repeat"
                : "it was not carried out";
    }

    private static HamException refusal(ExecutionException e) {
        return e.getCause() instanceof HamException refused
                // With the caller's own trace.
                ? new HamException(refused.code(), String.valueOf(refused.getMessage()), refused)
                : new HamException(Code.FAILED, "the answer is not understood: " + e.getCause(), e);
    }

    private Call add(String method, Object params, Consumer<Object> done, @Nullable Wire only) {
        lock.lock();
        try {
            if (closed) {
                throw new HamException(Code.NOT_CONNECTED, "this connection is closed; open another one");
            }
            if (only == null && denied != null && ready == null) {
                throw new HamException(denied.code(), String.valueOf(denied.getMessage()), denied);
            }
            if (calls.size() >= settings.calls()) {
                throw new HamException(
                        Code.LIMIT, settings.calls() + " calls are under way, the most there may be; wait for one");
            }
            var call = new Call(++ids, Message.request(ids, method, params), done, only);
            var wire = only == null ? ready : only;
            if (wire != null && !send(wire, call)) {
                if (!wire.isClosed()) {
                    throw new HamException(Code.LIMIT, method + ": too much waits to be sent; it was not carried out");
                }
                if (only != null) {
                    throw ended();
                }
            }
            calls.put(call.id, call);
            return call;
        } finally {
            lock.unlock();
        }
    }

    private void remove(Call call) {
        lock.lock();
        try {
            calls.remove(call.id);
        } finally {
            lock.unlock();
        }
    }

    private void heard(Message message) {
        switch (message) {
            case Message.Reply reply -> answered(reply.id(), reply.result());
            case Message.Failure failure -> failed(failure);
            case Message.Notice notice
            when notice.method().equals("bye") -> bye(Reading.LENIENT.read(notice.params(), Calls.Bye.class, "bye"));
            case Message.Notice notice -> user.heard(notice);
            case Message.Request request -> user.heard(request);
        }
    }

    private void answered(Object id, @Nullable Object result) {
        var call = take(id);
        if (call != null) {
            call.complete(result);
        }
    }

    private void failed(Message.Failure failure) {
        var id = failure.id();
        var call = id == null ? null : take(id);
        if (call != null) {
            call.reply.completeExceptionally(failure.fault().exception());
        }
    }

    private @Nullable Call take(Object id) {
        lock.lock();
        try {
            return id instanceof Long number ? calls.remove(number) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The HAM ends the connection. Who may not come in at all need not wait for a better time. */
    private void bye(Calls.Bye bye) {
        var why = new Fault(0, bye.message(), bye.errno()).exception();
        lock.lock();
        try {
            problem = bye.message();
            farewell = Optional.of(bye.message());
        } finally {
            lock.unlock();
        }
        if (why.code() != Code.DENIED) {
            return;
        }
        var all = new ArrayList<Call>();
        lock.lock();
        try {
            denied = why;
            all.addAll(calls.values());
            calls.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        all.forEach(call -> call.reply.completeExceptionally(call.sent() ? unknown(why) : why));
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

    void awaitConnected() {
        var left = settings.connectWithin().toNanos();
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

    private void problem(String text) {
        lock.lock();
        try {
            problem = text;
        } finally {
            lock.unlock();
        }
    }

    private String problem() {
        lock.lock();
        try {
            return problem;
        } finally {
            lock.unlock();
        }
    }

    private boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause(long nanos) throws InterruptedException {
        var left = nanos;
        lock.lockInterruptibly();
        try {
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void failAll() {
        var all = new ArrayList<Call>();
        lock.lock();
        try {
            all.addAll(calls.values());
            calls.clear();
        } finally {
            lock.unlock();
        }
        for (var call : all) {
            call.reply.completeExceptionally(new HamException(
                    call.sent() ? Code.TIMED_OUT : Code.NOT_CONNECTED, "the connection was closed; " + fate(call)));
        }
    }

    /** Ends it, and waits for its threads. */
    @Override
    public void close() {
        @Nullable Wire wire;
        lock.lock();
        try {
            closed = true;
            wire = making;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (wire != null) {
            wire.close();
        }
        thread.interrupt();
        try {
            if (!Thread.currentThread().equals(thread)) {
                thread.join();
            }
            if (wire != null) {
                wire.awaitEnd();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
