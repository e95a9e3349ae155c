package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.Locale;

/** Ends of messages of HTTP/1.1. What has no length of its own ends with the connection. */
final class HttpBoundary implements Boundary {
    private static final int MOST_OF_HEAD = 1 << 16;
    private static final int MOST_UNANSWERED = 1 << 10;

    private enum In {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        TRAILER,
        UNTIL_CLOSED
    }

    private final boolean requests;
    private final Deque<String> methods;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private In in = In.HEAD;
    private long left;
    private boolean closes;
    private boolean aside;

    /** What was asked is written down by the one and looked up by the other. */
    HttpBoundary(boolean requests, Deque<String> methods) {
        this.requests = requests;
        this.methods = methods;
    }

    @Override
    public boolean ends(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            var ends = switch (in) {
                case HEAD -> headEnds(bytes.get());
                case BODY -> skipped(bytes) && completed();
                case CHUNK_SIZE -> lineEnds(bytes.get()) && chunkBegins();
                case CHUNK -> skipped(bytes) && next(In.CHUNK_SIZE);
                case TRAILER -> lineEnds(bytes.get()) && trailerEnds();
                case UNTIL_CLOSED -> {
                    bytes.position(bytes.limit());
                    yield false;
                }
            };
            if (ends) {
                return true;
            }
        }
        return false;
    }

    /** What is said while the answer is still to come. */
    @Override
    public boolean isAside() {
        return aside;
    }

    @Override
    public Standing standing() {
        return in == In.UNTIL_CLOSED || closes ? Standing.OVER : Standing.FREE;
    }

    /** Goes over to another part, which is no end. */
    private boolean next(In part) {
        in = part;
        head.reset();
        return false;
    }

    private boolean completed() {
        next(In.HEAD);
        return true;
    }

    private boolean skipped(ByteBuffer bytes) {
        var some = (int) Math.min(left, bytes.remaining());
        bytes.position(bytes.position() + some);
        left -= some;
        return left == 0;
    }

    private boolean keep(byte next) {
        if (head.size() >= MOST_OF_HEAD) {
            return next(In.UNTIL_CLOSED);
        }
        head.write(next);
        return next == '\n';
    }

    private boolean lineEnds(byte next) {
        return keep(next);
    }

    private String line() {
        return head.toString(ISO_8859_1).strip();
    }

    private boolean chunkBegins() {
        var size = line().split(";", 2)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            return next(In.UNTIL_CLOSED);
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            return next(In.TRAILER);
        }
        // With the line's end after it.
        left += 2;
        return next(In.CHUNK);
    }

    private boolean trailerEnds() {
        var last = line().isEmpty();
        head.reset();
        return last && completed();
    }

    private boolean headEnds(byte next) {
        aside = false;
        if (!keep(next)) {
            return false;
        }
        var text = head.toString(ISO_8859_1);
        if (!text.endsWith("\n\r\n") && !text.endsWith("\n\n")) {
            // Empty lines before a message are allowed.
            return text.isBlank() && next(In.HEAD);
        }
        var fields = new HttpHead(text);
        closes |= fields.closes();
        return requests ? bodyOfRequestBegins(fields) : bodyOfAnswerBegins(fields);
    }

    private boolean bodyOfRequestBegins(HttpHead fields) {
        if (methods.size() >= MOST_UNANSWERED) {
            return next(In.UNTIL_CLOSED);
        }
        methods.add(fields.first().toUpperCase(Locale.ROOT));
        return bodyBegins(fields) || in == In.HEAD && completed();
    }

    private boolean bodyOfAnswerBegins(HttpHead fields) {
        var status = fields.second();
        aside = status.startsWith("1") && !status.equals("101");
        if (aside) {
            return completed();
        }
        var method = methods.isEmpty() ? "" : methods.remove();
        if (status.equals("101") || method.equals("CONNECT")) {
            return next(In.UNTIL_CLOSED);
        }
        if (method.equals("HEAD") || status.equals("204") || status.equals("304")) {
            return completed();
        }
        return bodyBegins(fields) || in == In.HEAD && next(In.UNTIL_CLOSED);
    }

    /** Whether there is a body of a known length, and it is empty. */
    private boolean bodyBegins(HttpHead fields) {
        if (fields.chunked()) {
            return next(In.CHUNK_SIZE);
        }
        var length = fields.length();
        if (length.isEmpty()) {
            return false;
        }
        left = length.getAsLong();
        if (left < 0) {
            return next(In.UNTIL_CLOSED);
        }
        return left == 0 ? completed() : next(In.BODY);
    }
}
