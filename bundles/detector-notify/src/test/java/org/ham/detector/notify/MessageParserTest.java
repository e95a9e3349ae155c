package org.ham.detector.notify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import org.ham.detector.notify.Message.Watchdog;
import org.ham.detector.notify.Message.Word;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {
    private static Message parse(String text) throws BadMessageException {
        return MessageParser.parse(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"READY=1, READY", "RELOADING=1, RELOADING", "STOPPING=1, STOPPING"})
    void wordsAreUnderstood(String text, Word word) throws BadMessageException {
        assertThat(parse(text).word()).contains(word);
        assertThat(parse(text + "\n").word()).contains(word);
        assertThat(parse(text + "\0").word()).contains(word);
    }

    @Test
    void aWholeMessageIsRead() throws BadMessageException {
        var message = parse("""
                MAINPID=4711
                MAINPIDFDID=99
                READY=1
                STATUS=serving 3 clients, all = well
                ERRNO=2
                WATCHDOG=1
                EXTEND_TIMEOUT_USEC=5000000
                WATCHDOG_USEC=2000000
                FDSTORE=1
                FDNAME=x
                X_OWN=anything
                """);
        assertThat(message.mainPid()).hasValue(4711);
        assertThat(message.mainInode()).hasValue(99);
        assertThat(message.word()).contains(Word.READY);
        assertThat(message.status()).contains("serving 3 clients, all = well");
        assertThat(message.errno()).hasValue(2);
        assertThat(message.watchdog()).contains(Watchdog.BEAT);
        assertThat(message.extendMicros()).hasValue(5_000_000);
        assertThat(message.watchdogMicros()).hasValue(2_000_000);
        assertThat(message.barrier()).isFalse();
        assertThat(message.problems()).isEmpty();
    }

    @Test
    void aReloadComesWithItsTime() throws BadMessageException {
        var message = parse("RELOADING=1\nMONOTONIC_USEC=123456789");
        assertThat(message.word()).contains(Word.RELOADING);
        assertThat(message.problems()).isEmpty();
        assertThat(parse("RELOADING=1\nMONOTONIC_USEC=soon").problems())
                .containsExactly("MONOTONIC_USEC='soon' is no number in its range");
    }

    @Test
    void theWatchdogIsFedOrTriggered() throws BadMessageException {
        assertThat(parse("WATCHDOG=1").watchdog()).contains(Watchdog.BEAT);
        assertThat(parse("WATCHDOG=trigger").watchdog()).contains(Watchdog.TRIGGER);
        assertThat(parse("WATCHDOG=1\nWATCHDOG=trigger").watchdog()).contains(Watchdog.TRIGGER);
        assertThat(parse("WATCHDOG=2").watchdog()).isEmpty();
        assertThat(parse("WATCHDOG=2").problems()).containsExactly("WATCHDOG='2' is not understood");
    }

    @Test
    void theLastWordCountsAndTheFirstOfEverythingElse() throws BadMessageException {
        var message = parse("RELOADING=1\nREADY=1\nSTATUS=a\nSTATUS=b\nMAINPID=2\nMAINPID=3");
        assertThat(message.word()).contains(Word.READY);
        assertThat(message.status()).contains("a");
        assertThat(message.mainPid()).hasValue(2);
    }

    @Test
    void aBarrierSaysNothingElse() throws BadMessageException {
        assertThat(parse("BARRIER=1").barrier()).isTrue();
        var mixed = parse("BARRIER=1\nREADY=1");
        assertThat(mixed.barrier()).isTrue();
        assertThat(mixed.word()).isEmpty();
        assertThat(mixed.problems()).hasSize(1);
    }

    @Test
    void anEmptyStatusTakesBackTheOneBefore() throws BadMessageException {
        assertThat(parse("STATUS=").status()).contains("");
    }

    @Test
    void aStatusCannotPlayWithATerminal() throws BadMessageException {
        assertThat(parse("STATUS=a\u001b[31mb\tc").status()).contains("a [31mb c");
        assertThat(parse("STATUS=grün 🚀").status()).contains("grün 🚀");
    }

    @Test
    void aStatusThatIsNoUtf8SpoilsNothingElse() throws BadMessageException {
        var message = MessageParser.parse("READY=1\nSTATUS=gr\u00fcn".getBytes(ISO_8859_1));
        assertThat(message.word()).contains(Word.READY);
        assertThat(message.status()).isEmpty();
        assertThat(message.problems()).containsExactly("STATUS is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAINPID=",
                "MAINPID=0",
                "MAINPID=-1",
                "MAINPID=1x",
                "MAINPID=2147483648",
                "MAINPID=99999999999999999999",
                "MAINPID= 5",
                "MAINPID=٣",
                "ERRNO=-2",
                "ERRNO=5000",
                "EXTEND_TIMEOUT_USEC=1s",
                "WATCHDOG_USEC=0",
                "WATCHDOG_USEC",
                "READY=2",
                "READY",
                "just words",
                "=1"
            })
    void whatMakesNoSenseIsLeftOutAndSaid(String text) throws BadMessageException {
        var message = parse(text + "\nSTATUS=x");
        assertThat(message.status()).contains("x");
        assertThat(message.mainPid()).isEmpty();
        assertThat(message.errno()).isEmpty();
        assertThat(message.extendMicros()).isEmpty();
        assertThat(message.watchdogMicros()).isEmpty();
        assertThat(message.word()).isEmpty();
        assertThat(message.problems()).hasSize(1);
    }

    @Test
    void whatIsTooLongOrNoTextIsRefusedWhole() {
        refused("", "it is empty");
        refused("\0", "it is empty");
        refused("READY=1\0\0", "there is a NUL in it");
        refused("READY=1\0STATUS=x", "there is a NUL in it");
        refused("READY=1\nSTATUS=" + "x".repeat(MessageParser.MOST_BYTES), "it is longer than 4096 bytes");
        refused("A=1\n".repeat(MessageParser.MOST_LINES + 1), "it has more than 128 lines");
    }

    @Test
    void asMuchAsIsAllowedIsRead() throws BadMessageException {
        assertThat(parse("\n".repeat(500) + "A=1\n".repeat(127) + "READY=1").word())
                .contains(Word.READY);
        var longest = "STATUS=" + "x".repeat(MessageParser.MOST_BYTES - 7);
        assertThat(parse(longest).status().orElseThrow()).hasSize(MessageParser.MOST_BYTES - 7);
    }

    @Test
    void anyBytesAreReadOrRefused() {
        var random = new Random(4711);
        var seeds = "READY=1\nSTATUS=x\nMAINPID=12\nBARRIER=1\nWATCHDOG=trigger".getBytes(UTF_8);
        for (var i = 0; i < 20_000; i++) {
            var bytes = seeds.clone();
            for (var flip = random.nextInt(8); flip >= 0; flip--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(MessageParser.parse(bytes)).isNotNull();
            } catch (BadMessageException e) {
                assertThat(e).hasMessageStartingWith("there is a NUL");
            }
        }
    }

    private static void refused(String text, String why) {
        assertThatExceptionOfType(BadMessageException.class)
                .isThrownBy(() -> parse(text))
                .withMessage(why);
    }
}
