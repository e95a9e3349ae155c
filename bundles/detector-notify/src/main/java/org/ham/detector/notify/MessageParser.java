package org.ham.detector.notify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.ham.detector.notify.Message.Watchdog;
import org.ham.detector.notify.Message.Word;

/**
 * Reads a datagram as sd_notify(3) defines it: assignments, one a line. What is not known is passed over; of an assignment
 * that is made twice the first counts, and of {@code READY=1}, {@code RELOADING=1} and {@code STOPPING=1} the last. Used once.
 */
final class MessageParser {
    /** The longest datagram that is read. */
    static final int MOST_BYTES = 4096;

    /** The most lines a datagram may have. */
    static final int MOST_LINES = 128;

    private static final long MOST_PID = Integer.MAX_VALUE;
    private static final int MOST_ERRNO = 4095;
    private static final int MOST_DIGITS = 18;

    private final List<String> problems = new ArrayList<>();
    private Optional<Word> word = Optional.empty();
    private Optional<Watchdog> watchdog = Optional.empty();
    private Optional<String> status = Optional.empty();
    private OptionalLong mainPid = OptionalLong.empty();
    private OptionalLong mainInode = OptionalLong.empty();
    private OptionalInt errno = OptionalInt.empty();
    private OptionalLong extend = OptionalLong.empty();
    private OptionalLong watchdogMicros = OptionalLong.empty();
    private boolean barrier;

    private MessageParser() {}

    /**
     * Reads one.
     *
     * @throws BadMessageException when none of it is to be trusted
     */
    static Message parse(byte[] bytes) throws BadMessageException {
        return new MessageParser().read(lines(bytes));
    }

    private static List<String> lines(byte[] bytes) throws BadMessageException {
        // One NUL at the end is what a careless C program sends.
        var length = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
        if (length == 0) {
            throw new BadMessageException("it is empty");
        }
        if (length > MOST_BYTES) {
            throw new BadMessageException("it is longer than " + MOST_BYTES + " bytes");
        }
        for (var i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                throw new BadMessageException("there is a NUL in it");
            }
        }
        // Names and numbers are ASCII; a text that is no UTF-8 spoils nothing but itself.
        var lines = new String(bytes, 0, length, ISO_8859_1)
                .lines()
                .filter(line -> !line.isEmpty())
                .limit(MOST_LINES + 1L)
                .toList();
        if (lines.size() > MOST_LINES) {
            throw new BadMessageException("it has more than " + MOST_LINES + " lines");
        }
        return lines;
    }

    private Message read(List<String> lines) {
        lines.forEach(this::read);
        if (barrier && lines.size() > 1) {
            problems.add("BARRIER=1 stands with other assignments, which are left out");
        }
        return barrier
                ? new Message(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        true,
                        problems)
                : new Message(
                        word, watchdog, status, mainPid, mainInode, errno, extend, watchdogMicros, false, problems);
    }

    private void read(String line) {
        switch (line) {
            case "READY=1" -> word = Optional.of(Word.READY);
            case "RELOADING=1" -> word = Optional.of(Word.RELOADING);
            case "STOPPING=1" -> word = Optional.of(Word.STOPPING);
            case "WATCHDOG=1" -> watchdog = watchdog.or(() -> Optional.of(Watchdog.BEAT));
            case "WATCHDOG=trigger" -> watchdog = Optional.of(Watchdog.TRIGGER);
            case "BARRIER=1" -> barrier = true;
            default -> assign(line);
        }
    }

    private void assign(String line) {
        var equals = line.indexOf('=');
        var name = equals < 0 ? line : line.substring(0, equals);
        var value = equals < 0 ? "" : line.substring(equals + 1);
        switch (name) {
            case "STATUS" -> status = status.or(() -> text(value));
            case "MAINPID" -> mainPid = first(mainPid, name, value, 1, MOST_PID);
            case "MAINPIDFDID" -> mainInode = first(mainInode, name, value, 1, Long.MAX_VALUE);
            case "ERRNO" -> {
                var number = first(OptionalLong.empty(), name, value, 0, MOST_ERRNO);
                errno = errno.isPresent() || number.isEmpty() ? errno : OptionalInt.of((int) number.getAsLong());
            }
            case "EXTEND_TIMEOUT_USEC" -> extend = first(extend, name, value, 0, Long.MAX_VALUE);
            case "WATCHDOG_USEC" -> watchdogMicros = first(watchdogMicros, name, value, 1, Long.MAX_VALUE);
            // Tells a reload from an earlier one; here words come in order.
            case "MONOTONIC_USEC" -> first(OptionalLong.empty(), name, value, 0, Long.MAX_VALUE);
            case "READY", "RELOADING", "STOPPING", "WATCHDOG", "BARRIER" ->
                problems.add(name + "='" + shown(value) + "' is not understood");
            default -> {
                if (equals < 1) {
                    problems.add("'" + shown(line) + "' is no assignment");
                }
                // FDSTORE and the like, and names of the sender's own.
            }
        }
    }

    private Optional<String> text(String value) {
        try {
            var decoder = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            return Optional.of(printable(
                    decoder.decode(ByteBuffer.wrap(value.getBytes(ISO_8859_1))).toString()));
        } catch (CharacterCodingException e) {
            problems.add("STATUS is not UTF-8");
            return Optional.empty();
        }
    }

    private OptionalLong first(OptionalLong before, String name, String value, long least, long most) {
        if (before.isPresent()) {
            return before;
        }
        var isNumber = !value.isEmpty()
                && value.length() <= MOST_DIGITS
                && value.chars().allMatch(MessageParser::isDigit);
        var number = isNumber ? Long.parseLong(value) : -1;
        if (number < least || number > most) {
            problems.add(name + "='" + shown(value) + "' is no number in its range");
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** It is shown on terminals. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String shown(String text) {
        var most = 40;
        return printable(text.length() <= most ? text : text.substring(0, most) + "…");
    }
}
