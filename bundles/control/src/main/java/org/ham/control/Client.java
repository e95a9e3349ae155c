package org.ham.control;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.wire.BadMessageException;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.LineReader;
import org.ham.wire.Message;
import org.ham.wire.Outbox;
import org.ham.wire.Reading;
import org.jspecify.annotations.Nullable;

/** Serves one client: reads what it says, and carries out each request that may have to wait on a thread of its own. */
final class Client implements Runnable, AutoCloseable {
    private static final Logger LOG = System.getLogger(Client.class.getName());

    private final Service service;
    private volatile Caller caller;
    private final UnixConnection connection;
    private final LineReader reader;
    private final Outbox outbox;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private @Nullable Session session;
    private volatile @Nullable Future<?> untilSpoken;
    private volatile boolean spoken;
    private volatile boolean ended;
    private volatile boolean finishing;
    private long writtenBefore;
    private int stalls;

    Client(Service service, Caller caller, UnixConnection connection) {
        this.service = service;
        this.caller = caller;
        this.connection = connection;
        var limits = service.limits();
        reader = new LineReader(connection.in(), limits.lineBytes(), service.budget());
        outbox = new Outbox(
                connection.out()::write, Math.min(256 << 10, limits.memoryBytes() / 8), service.budget(), this::close);
    }

    Caller caller() {
        return caller;
    }

    @Override
    public void run() {
        try {
            while (outbox.awaitRoom()) {
                var line = reader.next();
                if (line.isEmpty()) {
                    break;
                }
                hear(line.get());
            }
        } catch (BadMessageException e) {
            // What follows cannot be told from the rest of the line.
            outbox.end(bye(new HamException(Code.LIMIT, String.valueOf(e.getMessage()))));
        } catch (IOException | LinuxException _) {
            // The client is gone; there is nobody to tell.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, caller.who() + " is not served any more", e);
        } finally {
            inTime();
            leave();
        }
    }

    private void inTime() {
        var deadline = untilSpoken;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void hear(byte[] line) {
        try {
            var message = Message.read(line, Message.VALUES);
            if (message instanceof Message.Notice notice && notice.method().equals("behalf")) {
                behalf(notice);
                return;
            }
            speak();
            switch (message) {
                case Message.Request request -> begin(request, line.length);
                case Message.Notice notice -> notice(notice);
                case Message.Reply reply -> session().pulsing().answered(reply);
                case Message.Failure failure -> session().pulsing().answered(failure);
            }
        } catch (BadMessageException e) {
            speak();
            say(Message.failure(null, new Fault(e.code(), String.valueOf(e.getMessage()), "")));
        }
    }

    private void speak() {
        if (!spoken) {
            spoken = true;
            inTime();
        }
    }

    /** This HAM itself says that another node is at the far end; nobody else may, and not after anything else was said. */
    private void behalf(Message.Notice notice) {
        try {
            if (caller.pid() != service.self() || spoken) {
                throw new HamException(Code.DENIED, "behalf: only the HAM itself speaks for other nodes, and at first");
            }
            caller = caller.onBehalfOf(FarNode.of(Reading.STRICT.read(notice.params(), Calls.Behalf.class, "")));
        } catch (HamException e) {
            cutOff(e);
        }
    }

    private void notice(Message.Notice notice) {
        try {
            switch (notice.method()) {
                case "taken" -> session().taken(Reading.STRICT.read(notice.params(), Calls.Taken.class, ""));
                case "unsubscribe" ->
                    session()
                            .unsubscribe(Reading.STRICT
                                    .read(notice.params(), Calls.Unsubscribe.class, "")
                                    .subscription());
                default -> {
                    // Of a client that is newer than this HAM.
                }
            }
        } catch (HamException _) {
            // Nobody waits for an answer to a notice.
        }
    }

    /** Only the reading thread opens it, with the name that the client gives in its first message. */
    private Session session() {
        var open = session;
        if (open == null) {
            open = open("client");
        }
        return open;
    }

    private Session open(String name) {
        var ham = service.connections().open(caller.actor(name), caller.process());
        var open = new Session(service, caller, ham, outbox, this::noMemory);
        session = open;
        return open;
    }

    private void greet(Message.Request request) {
        if (session == null
                && request.method().equals("hello")
                && request.params().get("name") instanceof String name
                && name.matches("[\\x20-\\x7e]{1,64}")) {
            open(name);
        }
    }

    private void begin(Message.Request request, int bytes) {
        greet(request);
        var open = session();
        if (!Methods.knows(request.method())) {
            refuse(request, new Fault(Fault.NO_METHOD, "there is no method '" + shorten(request.method()) + "'", ""));
            return;
        }
        try {
            caller.node().ifPresent(node -> node.require(request.method(), request.params()));
        } catch (HamException e) {
            refuse(request, Fault.of(e));
            return;
        }
        if (underWay.incrementAndGet() > service.limits().requests()) {
            underWay.decrementAndGet();
            refuse(
                    request,
                    Fault.of(
                            new HamException(
                                    Code.LIMIT,
                                    service.limits().requests()
                                            + " requests of this connection are under way, the most there may be; wait for one")));
            return;
        }
        // As plain values it is several times as long as it was on the line.
        var charge = 8L * bytes;
        if (!service.budget().take(charge)) {
            underWay.decrementAndGet();
            refuse(request, Fault.of(new HamException(Code.LIMIT, "the HAM has no memory left for this request")));
            return;
        }
        if (Methods.waitsForNothing(request.method())) {
            workers.add(Thread.currentThread());
            carryOut(open, request, charge);
            return;
        }
        var worker = Thread.ofVirtual().name("ham-control-call").unstarted(() -> carryOut(open, request, charge));
        workers.add(worker);
        worker.start();
    }

    private void refuse(Message.Request request, Fault fault) {
        say(Message.failure(request.id(), fault));
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private void carryOut(Session open, Message.Request request, long charge) {
        try {
            var line = answer(open, request);
            service.budget().take(-charge);
            underWay.decrementAndGet();
            if (!outbox.offerAndWrite(line) && !outbox.offerAndWrite(tooMuch(request))) {
                noMemory();
            }
        } finally {
            workers.remove(Thread.currentThread());
            if (finishing && workers.isEmpty()) {
                closeWhenSaid();
            }
        }
    }

    private byte[] answer(Session open, Message.Request request) {
        try {
            var params = new LinkedHashMap<String, @Nullable Object>(request.params());
            var id = requestId(params);
            if (request.method().equals("tree")) {
                service.big().lockInterruptibly();
                try {
                    return Message.reply(request.id(), Methods.call(request.method(), open, id, params));
                } finally {
                    service.big().unlock();
                }
            }
            return Message.reply(request.id(), Methods.call(request.method(), open, id, params));
        } catch (HamException e) {
            return Message.failure(request.id(), Fault.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Message.failure(
                    request.id(), Fault.of(new HamException(Code.LIMIT, "the connection is being closed")));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "method " + request.method() + " of " + caller.who() + " failed", e);
            return Message.failure(request.id(), Fault.of(new HamException(Code.FAILED, "HAM failed: " + e)));
        }
    }

    private static Optional<String> requestId(Map<String, @Nullable Object> params) {
        if (!params.containsKey(Calls.REQUEST)) {
            return Optional.empty();
        }
        if (params.remove(Calls.REQUEST) instanceof String id && id.matches("[\\x21-\\x7e]{1,64}")) {
            return Optional.of(id);
        }
        throw new HamException(
                Code.INVALID,
                Calls.REQUEST + ": expected from 1 to " + Calls.LONGEST_REQUEST + " printable ASCII characters");
    }

    private static byte[] tooMuch(Message.Request request) {
        return Message.failure(
                request.id(),
                Fault.of(new HamException(
                        Code.LIMIT, "the HAM has no memory left for this reply; ask for less, or again later")));
    }

    private void say(byte[] line) {
        if (!outbox.offer(line)) {
            noMemory();
        }
    }

    private void noMemory() {
        cutOff(new HamException(
                Code.LIMIT,
                "the HAM has no memory left for what is to be sent to you; connect again, and read faster"));
    }

    private static byte[] bye(HamException why) {
        return Message.notice("bye", new Calls.Bye(why.code().errno(), String.valueOf(why.getMessage())));
    }

    /** Drops what was not sent, says why, and ends the connection. */
    void cutOff(HamException why) {
        outbox.end(bye(why));
        ended = true;
        Thread.ofVirtual().name("ham-control-bye").start(this::closeWhenSaid);
    }

    private void closeWhenSaid() {
        try {
            outbox.awaitEmpty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Turns away one that is not served at all. */
    static void turnAway(UnixConnection connection, HamException why) {
        try {
            connection.out().write(bye(why));
        } catch (IOException | LinuxException _) {
            // Gone already.
        } finally {
            connection.close();
        }
    }

    /** What cuts it off unless it says something. */
    void untilSpoken(Future<?> deadline) {
        untilSpoken = deadline;
    }

    /** Whether it has said something whole. */
    boolean spoken() {
        return spoken;
    }

    /**
     * Looks whether the client reads. Called now and then by one thread.
     *
     * @return true the second time in a row that something waited and nothing moved
     */
    boolean stalled() {
        var written = outbox.written();
        stalls = outbox.busy() && written == writtenBefore ? stalls + 1 : 0;
        writtenBefore = written;
        if (stalls < 2) {
            return false;
        }
        stalls = 0;
        return true;
    }

    /** Whether it was cut off already. */
    boolean ended() {
        return ended;
    }

    /** Ends it as soon as what was asked is answered. */
    void finish() {
        finishing = true;
        if (workers.isEmpty()) {
            close();
        }
    }

    /** What was asked is finished, also for one that said that nothing more comes; what would never finish is not. */
    private void leave() {
        var open = session;
        try {
            if (open != null) {
                open.endStreams();
            }
            for (var worker : workers) {
                if (!worker.join(service.limits().leaveWithin())) {
                    worker.interrupt();
                    worker.join(service.limits().leaveWithin());
                }
            }
            outbox.awaitEmpty();
        } catch (InterruptedException _) {
            workers.forEach(Thread::interrupt);
        } finally {
            close();
            if (open != null) {
                open.close();
            }
            reader.close();
        }
    }

    /** Ends the connection and whatever waits on it. */
    @Override
    public void close() {
        outbox.close();
        connection.close();
    }
}
