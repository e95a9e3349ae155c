package org.ham.client;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.wire.Calls;
import org.ham.wire.Message;
import org.ham.wire.Reading;

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
    private final Exchange exchange;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    Link(ClientSettings settings, User user) {
        this.settings = settings;
        this.user = user;
        exchange = new Exchange(settings.calls());
        thread = Thread.ofVirtual().name("ham-client").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        var pause = FIRST_PAUSE_NANOS;
        try {
            for (var over = closing.getCount() == 0; !over; over = closing.await(pause, TimeUnit.NANOSECONDS)) {
                pause = connect() ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, pause * 2);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.failAll();
        }
    }

    /** One connection from its beginning to its end; false when it did not come about. */
    private boolean connect() throws InterruptedException {
        try (var wire = new Wire(settings.socket(), this::heard, exchange::gone)) {
            if (!exchange.begin(wire)) {
                return false;
            }
            greet(wire);
            user.connected((method, params, done) -> ask(wire, method, params, done));
            exchange.open(wire);
            wire.awaitEnd();
            return true;
        } catch (IOException e) {
            exchange.problem("there is no HAM at " + settings.socket() + " (" + e.getMessage()
                    + "); start HAM, or name another run-dir");
            return false;
        } catch (HamException e) {
            exchange.problem(String.valueOf(e.getMessage()));
            return false;
        } finally {
            exchange.leave();
        }
    }

    private void greet(Wire wire) throws InterruptedException {
        ask(wire, "hello", new Calls.Hello(Calls.VERSION, settings.name()), _ -> {});
    }

    private Object ask(Wire wire, String method, Object params, Consumer<Object> done) throws InterruptedException {
        var call = exchange.add(method, params, done, wire);
        try {
            return call.reply.get(GREET_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new HamException(Code.TIMED_OUT, "the HAM does not answer", e);
        } catch (ExecutionException e) {
            throw refusal(e);
        } finally {
            exchange.remove(call);
        }
    }

    /** Asks the HAM, through a takeover if need be, and gives the result as plain values. */
    Object ask(String method, Object params, Consumer<Object> done) {
        var call = exchange.add(method, params, done, null);
        try {
            return call.reply.get(settings.within().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late(method, call);
        } catch (ExecutionException e) {
            throw refusal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(
                    call.sent() ? Code.TIMED_OUT : Code.NOT_CONNECTED, method + ": interrupted; " + call.fate(), e);
        } finally {
            exchange.remove(call);
        }
    }

    private HamException late(String method, Call call) {
        var within = settings.within().toMillis() + " ms";
        return call.sent()
                ? new HamException(Code.TIMED_OUT, method + ": no answer within " + within + "; " + call.fate())
                : new HamException(
                        Code.NOT_CONNECTED,
                        method + ": no connection within " + within + ", " + exchange.problem() + "; " + call.fate());
    }

    private static HamException refusal(ExecutionException e) {
        return e.getCause() instanceof HamException refused
                // With the caller's own trace.
                ? new HamException(refused.code(), String.valueOf(refused.getMessage()), refused)
                : new HamException(Code.FAILED, "the answer is not understood: " + e.getCause(), e);
    }

    private void heard(Message message) {
        switch (message) {
            case Message.Reply reply -> answered(reply);
            case Message.Failure failure -> failed(failure);
            case Message.Notice notice
            when notice.method().equals("bye") ->
                exchange.bye(Reading.LENIENT.read(notice.params(), Calls.Bye.class, "bye"));
            case Message.Notice notice -> user.heard(notice);
            case Message.Request request -> user.heard(request);
        }
    }

    private void answered(Message.Reply reply) {
        var call = exchange.take(reply.id());
        if (call != null) {
            call.complete(reply.result());
        }
    }

    private void failed(Message.Failure failure) {
        var id = failure.id();
        var call = id == null ? null : exchange.take(id);
        if (call != null) {
            call.fail(failure.fault().exception());
        }
    }

    /** Sends something nobody answers, if there is a connection. */
    void tell(byte[] line) {
        exchange.tell(line);
    }

    void awaitConnected() {
        exchange.awaitConnected(settings.connectWithin().toNanos());
    }

    /** Ends it, and waits for its threads. */
    @Override
    public void close() {
        closing.countDown();
        var wire = exchange.close();
        wire.ifPresent(Wire::close);
        thread.interrupt();
        try {
            if (!Thread.currentThread().equals(thread)) {
                thread.join();
            }
            if (wire.isPresent()) {
                wire.get().awaitEnd();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
