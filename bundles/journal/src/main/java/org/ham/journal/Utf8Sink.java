package org.ham.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes JSON into a byte array that is used again and again: no encoder, no copy, no object on the hot path. Not
 * thread-safe.
 */
final class Utf8Sink {
    private static final int KEEP = 1 << 20;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = 20;

    private byte[] bytes = new byte[8192];
    private int length;

    /** Empties it, but for room at the front that the caller fills in later. */
    void reset(int room) {
        if (bytes.length > KEEP) {
            bytes = new byte[8192];
        }
        length = room;
    }

    /** The array; good until the next write. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    void raw(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
    }

    void raw(byte[] ascii) {
        raw(ascii, ascii.length);
    }

    void raw(byte[] ascii, int count) {
        ensure(count);
        System.arraycopy(ascii, 0, bytes, length, count);
        length += count;
    }

    void number(long value) {
        if (value == Long.MIN_VALUE) {
            raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        ensure(LONGEST_NUMBER);
        var rest = value;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        var digits = 1;
        for (var bound = 10L; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        length += digits;
        for (var at = length - 1; digits > 0; digits--, at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** A string with its quotes. */
    void quoted(String text) {
        // Nothing takes more than six bytes: an escape by number.
        ensure(6 * text.length() + 2);
        bytes[length++] = '"';
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                bytes[length++] = (byte) c;
            } else if (c == '"' || c == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = (byte) c;
            } else if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029) {
                escape(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                pair(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                wide(Character.isSurrogate(c) ? '?' : c);
            }
        }
        bytes[length++] = '"';
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (var shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(c >> shift) & 0xf];
        }
    }

    private void wide(char c) {
        if (c < 0x80) {
            bytes[length++] = (byte) c;
        } else if (c < 0x800) {
            bytes[length++] = (byte) (0xc0 | (c >> 6));
            bytes[length++] = (byte) (0x80 | (c & 0x3f));
        } else {
            bytes[length++] = (byte) (0xe0 | (c >> 12));
            bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
            bytes[length++] = (byte) (0x80 | (c & 0x3f));
        }
    }

    private void pair(int point) {
        bytes[length++] = (byte) (0xf0 | (point >> 18));
        bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        bytes[length++] = (byte) (0x80 | (point & 0x3f));
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
