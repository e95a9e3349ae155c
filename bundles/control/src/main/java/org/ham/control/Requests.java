package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.Message;
import org.jspecify.annotations.Nullable;

/** The requests of one client that are under way, each that may have to wait on a thread of its own. Thread-safe. */
final class Requests {
    private static final Logger LOG = System.getLogger(Requests.class.getName());
    private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,64}");

    private final Service service;
    private final Saying saying;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean finishing;

    Requests(Service service, Saying saying) {
        this.service = service;
        this.saying = saying;
    }

    /**
     * Begins one, or refuses it. Called by the thread that reads, which carries out itself what waits for nothing.
     *
     * @param bytes how long it was on the line
     */
    void begin(Session session, Message.Request request, int bytes) {
        var method = request.method();
        if (!Methods.knows(method)) {
            saying.refuse(request, new Fault(Fault.NO_METHOD, "there is no method '" + shorten(method) + "'", ""));
            return;
        }
        // As plain values it is several times as long as it was on the line.
        var charge = 8L * bytes;
        try {
            session.caller().node().ifPresent(node -> node.require(method, request.params()));
            enter(charge);
        } catch (HamException e) {
            saying.refuse(request, Fault.of(e));
            return;
        }
        if (Methods.waitsForNothing(method)) {
            workers.add(Thread.currentThread());
            carryOut(session, request, charge);
            return;
        }
        var worker = Thread.ofVirtual().name("ham-control-call").unstarted(() -> carryOut(session, request, charge));
        workers.add(worker);
        worker.start();
    }

    private void enter(long charge) {
        var most = service.limits().requests();
        if (underWay.incrementAndGet() > most) {
            underWay.decrementAndGet();
            throw new HamException(
                    Code.LIMIT,
                    most + " requests of this connection are under way, the most there may be; wait for one");
        }
        if (!service.budget().take(charge)) {
            underWay.decrementAndGet();
            throw new HamException(Code.LIMIT, "the HAM has no memory left for this request");
        }
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private void carryOut(Session session, Message.Request request, long charge) {
        try {
            var line = answer(session, request);
            service.budget().take(-charge);
            underWay.decrementAndGet();
            if (line.isPresent()) {
                saying.answer(request, line.get());
            } else {
                saying.close();
            }
        } finally {
            workers.remove(Thread.currentThread());
            if (finishing && workers.isEmpty()) {
                saying.closeWhenSaid();
            }
        }
    }

    /** Empty when the core went away before it got to it: then the connection ends, and the client asks the next one. */
    private Optional<byte[]> answer(Session session, Message.Request request) {
        try {
            return Optional.of(reply(session, request));
        } catch (HamException e) {
            // Interrupted, it tells of nothing but that.
            return e.code() == Code.NOT_CONNECTED
                            || finishing && Thread.currentThread().isInterrupted()
                    ? Optional.empty()
                    : Optional.of(Message.failure(request.id(), Fault.of(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "method " + request.method() + " of " + session.caller().who() + " failed",
                    e);
            return Optional.of(
                    Message.failure(request.id(), Fault.of(new HamException(Code.FAILED, "HAM failed: " + e))));
        }
    }

    private byte[] reply(Session session, Message.Request request) throws InterruptedException {
        var params = new LinkedHashMap<String, @Nullable Object>(request.params());
        var id = requestId(params);
        if (request.method().equals("tree")) {
            service.big().lockInterruptibly();
            try {
                return Message.reply(request.id(), Methods.call(request.method(), session, id, params));
            } finally {
                service.big().unlock();
            }
        }
        return Message.reply(request.id(), Methods.call(request.method(), session, id, params));
    }

    private static Optional<String> requestId(Map<String, @Nullable Object> params) {
        if (!params.containsKey(Calls.REQUEST)) {
            return Optional.empty();
        }
        if (params.remove(Calls.REQUEST) instanceof String id
                && REQUEST_ID.matcher(id).matches()) {
            return Optional.of(id);
        }
        throw new HamException(
                Code.INVALID,
                Calls.REQUEST + ": expected from 1 to " + Calls.LONGEST_REQUEST + " printable ASCII characters");
    }

    /** Ends the connection as soon as what was asked is answered. */
    void finish() {
        finishing = true;
        if (workers.isEmpty()) {
            saying.close();
        }
    }

    /** Waits until all are finished; what would never finish is interrupted, and waited for once more. */
    void awaitAll() throws InterruptedException {
        var within = service.limits().leaveWithin();
        for (var worker : workers) {
            if (!worker.join(within)) {
                worker.interrupt();
                worker.join(within);
            }
        }
    }

    void interruptAll() {
        workers.forEach(Thread::interrupt);
    }
}
