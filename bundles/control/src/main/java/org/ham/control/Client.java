package org.ham.control;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Future;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.wire.BadMessageException;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.LineReader;
import org.ham.wire.Message;
import org.ham.wire.Reading;
import org.jspecify.annotations.Nullable;

/** Serves one client: reads what it says, and has it carried out. */
final class Client implements Runnable, AutoCloseable {
    private static final Logger LOG = System.getLogger(Client.class.getName());

    private final Service service;
    private volatile Caller caller;
    private final LineReader reader;
    private final Saying saying;
    private final Requests requests;
    private @Nullable Session session;
    private volatile @Nullable Future<?> untilSpoken;
    private volatile boolean spoken;

    Client(Service service, Caller caller, UnixConnection connection) {
        this.service = service;
        this.caller = caller;
        var limits = service.limits();
        reader = new LineReader(connection.in(), limits.lineBytes(), service.budget());
        saying = new Saying(connection, limits, service.budget());
        requests = new Requests(service, saying);
    }

    Caller caller() {
        return caller;
    }

    @Override
    public void run() {
        try {
            while (saying.outbox().awaitRoom()) {
                var line = reader.next();
                if (line.isEmpty()) {
                    break;
                }
                hear(line.get());
            }
        } catch (BadMessageException e) {
            // What follows cannot be told from the rest of the line.
            saying.bye(new HamException(Code.LIMIT, String.valueOf(e.getMessage())));
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
            saying.say(Message.failure(null, new Fault(e.code(), String.valueOf(e.getMessage()), "")));
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
        var open = new Session(service, caller, ham, saying.outbox(), saying::noMemory);
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
        requests.begin(session(), request, bytes);
    }

    /** Drops what was not sent, says why, and ends the connection. */
    void cutOff(HamException why) {
        saying.cutOff(why);
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
        return saying.stalled();
    }

    /** Whether it was cut off already. */
    boolean ended() {
        return saying.ended();
    }

    /** Ends it as soon as what was asked is answered. */
    void finish() {
        requests.finish();
    }

    /** Ends what was asked without an answer. */
    void giveUp() {
        requests.interruptAll();
    }

    /** What was asked is finished, also for one that said that nothing more comes; what would never finish is not. */
    private void leave() {
        var open = session;
        try {
            if (open != null) {
                open.endStreams();
            }
            requests.awaitAll();
            saying.outbox().awaitEmpty();
        } catch (InterruptedException _) {
            requests.interruptAll();
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
        saying.close();
    }
}
