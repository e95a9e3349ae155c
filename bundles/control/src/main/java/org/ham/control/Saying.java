package org.ham.control;

import java.io.IOException;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.wire.Budget;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.Message;
import org.ham.wire.Outbox;

/** What is said to one client, to the last word. A client whose words cannot be kept for it is cut off. Thread-safe. */
final class Saying implements AutoCloseable {
    private static final long MOST_WAITING = 256 << 10;

    private final UnixConnection connection;
    private final Outbox outbox;
    private volatile boolean ended;
    private long writtenBefore;
    private int stalls;

    /** @param budget what all clients share */
    Saying(UnixConnection connection, Limits limits, Budget budget) {
        this.connection = connection;
        outbox = new Outbox(
                connection.out()::write, Math.min(MOST_WAITING, limits.memoryBytes() / 8), budget, this::close);
    }

    /** For those who wait until there is room, or who lose nothing by a line that is not taken. */
    Outbox outbox() {
        return outbox;
    }

    void say(byte[] line) {
        if (!outbox.offer(line)) {
            noMemory();
        }
    }

    void refuse(Message.Request request, Fault fault) {
        say(Message.failure(request.id(), fault));
    }

    /** Says it on the calling thread where that can be; says that the reply was too much when it was. */
    void answer(Message.Request request, byte[] line) {
        if (!outbox.offerAndWrite(line) && !outbox.offerAndWrite(tooMuch(request))) {
            noMemory();
        }
    }

    private static byte[] tooMuch(Message.Request request) {
        return Message.failure(
                request.id(),
                Fault.of(new HamException(
                        Code.LIMIT, "the HAM has no memory left for this reply; ask for less, or again later")));
    }

    /** Cuts the client off, as something for it cannot be kept. */
    void noMemory() {
        cutOff(new HamException(
                Code.LIMIT,
                "the HAM has no memory left for what is to be sent to you; connect again, and read faster"));
    }

    /** Drops what was not sent, and says why: the last that is said. */
    void bye(HamException why) {
        outbox.end(line(why));
    }

    private static byte[] line(HamException why) {
        return Message.notice("bye", new Calls.Bye(why.code().errno(), String.valueOf(why.getMessage())));
    }

    /** Drops what was not sent, says why, and ends the connection. */
    void cutOff(HamException why) {
        bye(why);
        ended = true;
        Thread.ofVirtual().name("ham-control-bye").start(this::closeWhenSaid);
    }

    /** Ends the connection once everything is said. */
    void closeWhenSaid() {
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
            connection.out().write(line(why));
        } catch (IOException | LinuxException _) {
            // Gone already.
        } finally {
            connection.close();
        }
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

    /** Whether the client was cut off already. */
    boolean ended() {
        return ended;
    }

    /** Ends the connection and whatever waits on it. */
    @Override
    public void close() {
        outbox.close();
        connection.close();
    }
}
