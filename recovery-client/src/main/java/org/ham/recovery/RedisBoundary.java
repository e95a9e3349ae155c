package org.ham.recovery;

import java.nio.ByteBuffer;

/** Ends of values in the protocol of Redis, versions 2 and 3. What the server says by itself is no answer. */
final class RedisBoundary implements Boundary {
    private static final int DEEPEST = 64;

    private enum In {
        TYPE,
        LINE,
        BULK
    }

    /** How many values are still to come, at each depth. */
    private final long[] left = new long[DEEPEST];

    private int depth;
    private In in = In.TYPE;
    private char type;
    private long number;
    private boolean negative;
    private boolean aside;
    private boolean attributes;
    private boolean tooDeep;

    @Override
    public boolean ends(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (in == In.BULK ? bulkEnds(bytes) : valueEnds((char) bytes.get())) {
                return true;
            }
        }
        return false;
    }

    private boolean bulkEnds(ByteBuffer bytes) {
        var some = (int) Math.min(number, bytes.remaining());
        bytes.position(bytes.position() + some);
        number -= some;
        return number == 0 && completed();
    }

    private boolean valueEnds(char next) {
        if (in == In.TYPE) {
            type = next;
            aside = depth == 0 ? type == '>' : aside;
            in = In.LINE;
            number = 0;
            negative = false;
            // An inline command that is one empty line.
            return next == '\n' && completed();
        }
        if (next != '\n') {
            negative |= next == '-';
            number = next >= '0' && next <= '9' ? number * 10 + (next - '0') : number;
            return false;
        }
        return switch (type) {
            case '$', '!', '=' -> bulkBegins();
            case '*', '~', '>' -> valuesBegin(number);
            case '%', '|' -> valuesBegin(2 * number);
            default -> completed();
        };
    }

    private boolean bulkBegins() {
        if (negative) {
            return completed();
        }
        // With the line's end after it.
        number += 2;
        in = In.BULK;
        return false;
    }

    private boolean valuesBegin(long count) {
        attributes |= depth == 0 && type == '|';
        if (negative || count == 0) {
            return completed();
        }
        if (depth == DEEPEST) {
            tooDeep = true;
            return false;
        }
        left[depth++] = count;
        in = In.TYPE;
        return false;
    }

    /** A value is complete, and with it perhaps those that it is the last of. */
    private boolean completed() {
        in = In.TYPE;
        while (depth > 0) {
            left[depth - 1]--;
            if (left[depth - 1] > 0) {
                return false;
            }
            depth--;
        }
        // Attributes come before the value that they belong to.
        var ends = !attributes;
        attributes = false;
        return ends;
    }

    @Override
    public boolean isAside() {
        return aside;
    }

    @Override
    public Standing standing() {
        return tooDeep ? Standing.OVER : Standing.FREE;
    }
}
