package org.ham.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.RunDirs;
import org.jspecify.annotations.Nullable;

/**
 * What the core is told by framework properties. Immutable.
 *
 * @param runDir everything a running instance owns
 * @param segmentBytes see the journal
 * @param keepSegments see the journal
 * @param backlogBatches how many batches wait in memory while the journal cannot be written
 * @param mailbox how many requests may wait for the core
 * @param invocations how many actions may run at once
 * @param replyWithin how long a caller waits for the core
 * @param rejoinWithin how long a program whose connection broke has to connect again before it counts as dead
 */
record Settings(
        Path runDir,
        long segmentBytes,
        int keepSegments,
        int backlogBatches,
        int mailbox,
        int invocations,
        Duration replyWithin,
        Duration rejoinWithin) {

    static Settings from(Function<String, @Nullable String> property) {
        return new Settings(
                RunDirs.of(property, System.getenv()),
                number(property, "ham.journal.segment-bytes", 4L << 20, 64L << 10, 1L << 30),
                (int) number(property, "ham.journal.keep-segments", 4, 1, 1000),
                (int) number(property, "ham.journal.backlog-batches", 20_000, 100, 1_000_000),
                (int) number(property, "ham.limits.mailbox", 100_000, 100, 10_000_000),
                (int) number(property, "ham.limits.actions", 10_000, 1, 1_000_000),
                Duration.ofSeconds(30),
                Duration.ofMillis(number(property, "ham.limits.rejoin-ms", 5_000, 100, 3_600_000)));
    }

    private static long number(
            Function<String, @Nullable String> property, String name, long usual, long least, long most) {
        var given = property.apply(name);
        if (given == null || given.isBlank()) {
            return usual;
        }
        try {
            var value = Long.parseLong(given.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException _) {
            // told below, with the range
        }
        throw new HamException(
                Code.INVALID,
                name + ": expected a whole number from " + least + " to " + most + ", got '" + given + "'");
    }
}
