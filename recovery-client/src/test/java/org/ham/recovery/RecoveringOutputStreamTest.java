package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cover of any output stream, and of text over it: cut at every byte, opened again by others, flushed, closed. */
class RecoveringOutputStreamTest {
    private static final List<String> MESSAGES = List.of("first\n", "second\n", "third\n");

    /** What has arrived, one for each stream that was opened. */
    private final List<ByteArrayOutputStream> arrived = new ArrayList<>();

    /** How many bytes arrive before the next cut. */
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    private final Target<OutputStream> target = Target.of("place", this::opened, Losses.ofSockets());

    /** Bytes arrive one by one; the cut comes instead of one. */
    private OutputStream opened() {
        var place = new ByteArrayOutputStream();
        arrived.add(place);
        return new OutputStream() {
            private boolean lost;

            @Override
            public void write(int value) throws IOException {
                if (lost || left.getAndDecrement() == 0) {
                    lost = true;
                    throw new EOFException("cut on purpose");
                }
                place.write(value);
            }
        };
    }

    private RecoveringOutputStream open() throws IOException {
        return RecoveringOutputStream.open(target, Recovery.reopening());
    }

    private List<String> arrived() {
        return arrived.stream().map(bytes -> bytes.toString(US_ASCII)).toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static void halfWritten(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(RecoveryException.class, told -> {
            assertThat(told.code()).isEqualTo(Code.HALF_WRITTEN);
            assertThat(told.outcome()).isEqualTo(Outcome.MAYBE_DONE);
        });
    }

    /** How a program may give a message to a stream. */
    private interface Way {
        void write(RecoveringOutputStream out, String message) throws IOException;
    }

    private static final List<Way> WAYS = List.of(
            (out, message) -> out.write(ascii(message)),
            (out, message) -> {
                for (var letter : ascii(message)) {
                    out.write(letter);
                }
            },
            (out, message) -> {
                out.write(ascii(message), 0, 3);
                out.flush();
                out.write(ascii(message), 3, message.length() - 3);
            });

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void noMessageIsContinuedOrDoubledWhereverItIsCut(int way) throws IOException {
        var all = String.join("", MESSAGES);
        for (var cut = 0; cut < all.length(); cut++) {
            arrived.clear();
            left.set(cut);
            var told = new ArrayList<String>();
            try (var out = open()) {
                for (var message : MESSAGES) {
                    try {
                        WAYS.get(way).write(out, message);
                        out.settle();
                    } catch (RecoveryException e) {
                        halfWritten(e);
                        told.add(message);
                    }
                }
            }
            // One is cut; it is told of that one, and the two others have come whole and once.
            assertThat(told).as("cut at %d", cut).hasSize(1);
            assertThat(arrived()).as("cut at %d", cut).hasSize(2);
            assertThat(arrived().getFirst()).isEqualTo(all.substring(0, cut));
            var at = MESSAGES.indexOf(told.getFirst());
            assertThat(arrived().getLast()).isEqualTo(String.join("", MESSAGES.subList(at + 1, MESSAGES.size())));
        }
    }

    @Test
    void aMessageThatBeginsAfterTheLossGoesToTheNewStream() throws IOException {
        try (var out = open()) {
            out.write(ascii("first\n"));
            out.settle();
            // Another thread has found it lost.
            out.connection().reopen();
            out.write(ascii("second\n"));
            out.settle();
        }
        assertThat(arrived()).containsExactly("first\n", "second\n");
    }

    @Test
    void aMessageIsNotContinuedWhereAnotherThreadHasRecovered() throws IOException {
        try (var out = open()) {
            out.write(ascii("fir"));
            out.connection().reopen();
            assertThatThrownBy(() -> out.write(ascii("st\n"))).satisfies(RecoveringOutputStreamTest::halfWritten);
            out.write(ascii("sec"));
            out.connection().reopen();
            assertThatThrownBy(out::settle).satisfies(RecoveringOutputStreamTest::halfWritten);
            out.write(ascii("third\n"));
            out.settle();
        }
        assertThat(arrived()).containsExactly("fir", "sec", "third\n");
    }

    /** What waits in a buffer of the stream itself is lost with it. */
    @Test
    void whatWasNotFlushedIsToldToBeLost() throws IOException {
        var buffered = target.opener(() -> new BufferedOutputStream(opened()));
        try (var out = RecoveringOutputStream.open(buffered, Recovery.reopening())) {
            left.set(0);
            out.write(ascii("first\n"));
            assertThatThrownBy(out::settle).satisfies(RecoveringOutputStreamTest::halfWritten);
            out.write(ascii("second\n"));
            out.settle();
        }
        assertThat(arrived()).containsExactly("", "second\n");
    }

    @Test
    void closingSaysThatAMessageWasLostToo() throws IOException {
        var out = open();
        out.write(ascii("first\n"));
        out.connection().reopen();
        assertThatThrownBy(out::close).satisfies(RecoveringOutputStreamTest::halfWritten);
        out.close();
        assertThat(out.connection().isOpen()).isFalse();
    }

    @Test
    void withoutARecoveryAnErrorIsAnErrorAndTheMessageIsNotContinuedLater() throws IOException {
        try (var out = open()) {
            out.connection().suspend();
            left.set(2);
            assertThatThrownBy(() -> out.write(ascii("first\n")))
                    .hasMessage("cut on purpose")
                    .hasNoSuppressedExceptions();
            out.connection().enable();
            assertThatThrownBy(() -> out.write(ascii("rest\n"))).satisfies(RecoveringOutputStreamTest::halfWritten);
            out.write(ascii("second\n"));
            out.settle();
        }
        assertThat(arrived()).containsExactly("fi", "second\n");
    }

    @Test
    void aWriterDropsWhatItHasOfAMessageThatIsCut() throws IOException {
        try (var writer = RecoveringStreams.writer(target, UTF_8, Recovery.reopening())) {
            writer.write("first\n");
            writer.settle();
            left.set(3);
            writer.write("second\n");
            writer.append("and more\n");
            assertThatThrownBy(writer::settle).satisfies(RecoveringOutputStreamTest::halfWritten);
            writer.write("third\n");
            writer.settle();
            writer.write("four");
            writer.flush();
            writer.connection().reopen();
            writer.write("th\n");
            assertThatThrownBy(writer::flush).satisfies(RecoveringOutputStreamTest::halfWritten);
            writer.write("fifth\n");
            writer.settle();
        }
        assertThat(arrived()).containsExactly("first\nsec", "third\nfour", "fifth\n");
    }

    /** What is in the buffer has not begun to leave: it goes where the writer goes. */
    @Test
    void aMessageThatHasNotLeftTheWriterIsNotLost() throws IOException {
        try (var writer = RecoveringStreams.writer(target, UTF_8, Recovery.reopening())) {
            writer.write("whole\n");
            writer.connection().reopen();
        }
        assertThat(arrived()).containsExactly("", "whole\n");
    }

    @Test
    void textThatCannotBeEncodedIsTheProgramsOwnError() throws IOException {
        var writer = RecoveringStreams.writer(target, US_ASCII, Recovery.reopening());
        writer.write("\uD834b");
        assertThatThrownBy(writer::flush).isInstanceOf(CharacterCodingException.class);
        assertThat(writer.connection().counters().recoveries()).isZero();
    }

    /** A collector of log lines, over TCP, that is killed between them. */
    @Test
    void linesToARealServerGoOn() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), client -> {
            for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
                heard.add(line.get());
            }
        })) {
            var collector = Target.<OutputStream>of(
                    "collector",
                    () -> {
                        var address = (InetSocketAddress) server.address();
                        return new Socket(address.getAddress(), address.getPort()).getOutputStream();
                    },
                    Losses.ofSockets());
            try (var writer = RecoveringStreams.writer(collector, UTF_8, Recovery.retrying(Backoff.usual()))) {
                for (var number = 0; number < 3; number++) {
                    untilHeard(writer, heard, "line " + number);
                    server.restart();
                }
                assertThat(writer.connection().counters().succeeded()).isEqualTo(2);
            }
        }
    }

    /** What the kernel has taken and nobody has read is not known to be lost: this one says it until it is heard. */
    private static void untilHeard(RecoveringWriter writer, BlockingQueue<String> heard, String line) throws Exception {
        for (var tries = 0; tries < 1000; tries++) {
            try {
                writer.write(line + "\n");
                writer.settle();
            } catch (RecoveryException e) {
                halfWritten(e);
                continue;
            }
            for (var next = heard.poll(20, TimeUnit.MILLISECONDS); next != null; next = heard.poll()) {
                if (next.equals(line)) {
                    return;
                }
            }
        }
        throw new AssertionError("never heard of " + line);
    }
}
