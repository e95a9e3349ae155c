package org.ham.recovery;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.ham.recovery.Boundary.Standing;

/** A talk of requests and answers. Called by one thread at a time. */
final class RequestConversation implements Conversation {
    static final int MOST_REMEMBERED = 64;

    private static final int MOST_ASKED = 1 << 16;
    private static final int MOST_OF_REQUEST = 1 << 16;
    private static final int MOST_OF_ANSWER = 1 << 12;
    private static final int CHUNK = 1 << 12;
    private static final byte[] NOTHING = {};

    /** A request that was written; its bytes are kept when it may come to be remembered. */
    private record Asked(Meaning meaning, byte[] bytes) {}

    private final RequestProtocol protocol;
    private final List<byte[]> remembered = new ArrayList<>();
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final MessageHead request = new MessageHead();
    private final MessageHead answer = new MessageHead();
    private Framing framing;

    /** Of what was written since all was settled something was answered. */
    private boolean answered;

    /** The answer that is under way began when nothing was asked. */
    private boolean unasked;

    private boolean held;
    private boolean over;

    RequestConversation(RequestProtocol protocol) {
        this.protocol = protocol;
        this.framing = protocol.framing().get();
    }

    @Override
    public void sent(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (request.ends(framing.requests(), bytes, MOST_OF_REQUEST)) {
                var cut = request.isCut();
                ask(request.take(), cut);
            }
        }
    }

    private void ask(byte[] bytes, boolean cut) {
        var meaning = protocol.meaning().apply(bytes);
        over |= meaning == Meaning.ENDS || asked.size() >= MOST_ASKED || isAnswerInDoubt();
        // Of one that is cut, or may be undone, it is not known what is to be said again.
        over |= meaning == Meaning.REMEMBERED && (cut || isHeld());
        held |= meaning == Meaning.BEGINS;
        if (!over) {
            asked.add(new Asked(meaning, meaning == Meaning.REMEMBERED ? bytes : NOTHING));
        }
    }

    /** What nobody had asked for was read in part, and may be taken for the answer. */
    private boolean isAnswerInDoubt() {
        return unasked && !answer.isEmpty() && !framing.answers().isAside();
    }

    @Override
    public void received(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            unasked = answer.isEmpty() ? asked.isEmpty() && request.isEmpty() : unasked;
            if (answer.ends(framing.answers(), bytes, isToBeJudged() ? MOST_OF_ANSWER : 0)) {
                var head = answer.take();
                if (!framing.answers().isAside()) {
                    answered(head);
                }
            }
        }
        answered &= !isSettled();
    }

    private void answered(byte[] head) {
        var first = asked.poll();
        if (first == null) {
            // Before the end of its request: what the next one answers cannot be told.
            over |= !request.isEmpty();
            return;
        }
        answered = true;
        answer(first, head);
    }

    private boolean isSettled() {
        return asked.isEmpty() && request.isEmpty() && answer.isEmpty() && !isHeld();
    }

    private boolean isHeld() {
        return held || framing.answers().standing() == Standing.HELD;
    }

    /** Whether it matters what the answer says. */
    private boolean isToBeJudged() {
        var first = asked.peek();
        return first != null && first.meaning() == Meaning.REMEMBERED;
    }

    private void answer(Asked request, byte[] head) {
        held &= request.meaning() != Meaning.COMPLETES;
        if (request.meaning() == Meaning.REMEMBERED && protocol.accepted().test(head)) {
            // It came with the beginning of a transaction.
            over |= framing.answers().standing() == Standing.HELD;
            // The last one of equal ones counts.
            remembered.removeIf(known -> Arrays.equals(known, request.bytes()));
            remembered.add(request.bytes());
            over |= remembered.size() > MOST_REMEMBERED;
        }
    }

    @Override
    public State state() {
        if (over || isOver(framing.answers()) || isOver(framing.requests())) {
            return State.OVER;
        }
        if (!request.isEmpty()) {
            return State.WRITING;
        }
        if (answered || !answer.isEmpty() || isHeld()) {
            return State.ASKED;
        }
        return stateOfAsked();
    }

    private static boolean isOver(Boundary boundary) {
        return boundary.standing() == Standing.OVER;
    }

    private State stateOfAsked() {
        if (asked.isEmpty()) {
            return State.SETTLED;
        }
        for (var request : asked) {
            if (!mayComeTwice(request)) {
                return State.ASKED;
            }
        }
        return State.REPEATABLE;
    }

    private static boolean mayComeTwice(Asked request) {
        return request.meaning() == Meaning.REPEATABLE || request.meaning() == Meaning.REMEMBERED;
    }

    @Override
    public ByteBuffer resume(InputStream from, OutputStream to) throws IOException {
        framing = protocol.framing().get();
        asked.clear();
        request.take();
        answer.take();
        answered = false;
        unasked = false;
        held = false;
        protocol.login().login(from, to);
        var asides = new ByteArrayOutputStream();
        var read = ByteBuffer.allocate(0);
        for (var bytes : remembered) {
            to.write(bytes);
            var passed = ByteBuffer.wrap(bytes);
            while (passed.hasRemaining()) {
                framing.requests().ends(passed);
            }
            read = awaitAnswer(from, read, asides);
            if (!protocol.accepted().test(answer.take())) {
                throw new IOException("the peer refuses now what it accepted before; see to its login and try again");
            }
        }
        asides.write(read.array(), read.arrayOffset() + read.position(), read.remaining());
        return ByteBuffer.wrap(asides.toByteArray());
    }

    /** Reads up to the end of an answer; what is read beyond it belongs to what follows. What is said aside is the program's. */
    private ByteBuffer awaitAnswer(InputStream from, ByteBuffer read, ByteArrayOutputStream asides) throws IOException {
        var left = read;
        while (true) {
            if (answer.ends(framing.answers(), left, MOST_OF_ANSWER)) {
                if (!framing.answers().isAside()) {
                    return left.slice();
                }
                takeAside(asides);
                continue;
            }
            var chunk = new byte[CHUNK];
            var count = from.read(chunk);
            if (count < 0) {
                throw new EOFException("the peer has ended the connection while it was logged in to again");
            }
            left = ByteBuffer.wrap(chunk, 0, count);
        }
    }

    private void takeAside(ByteArrayOutputStream asides) throws IOException {
        if (answer.isCut() || asides.size() > MOST_OF_REQUEST) {
            throw new IOException("the peer says more by itself than is kept while it is logged in to again");
        }
        asides.writeBytes(answer.take());
    }
}
