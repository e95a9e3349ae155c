package org.ham.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.journal.Batch;
import org.ham.journal.Journal;
import org.ham.journal.JournalSettings;

/** What an append to the journal costs, beside writing as many bytes to a file: in turns, block by block. */
final class JournalCost {
    private static final int BLOCK = 1_000;
    private static final long EPOCH = 1;

    private final Samples journal = new Samples();
    private final Samples raw = new Samples();
    private int bytes;

    /** Measures in a folder that is there. */
    static JournalCost measure(Path dir, int blocks) throws IOException {
        var cost = new JournalCost();
        cost.run(dir, blocks);
        return cost;
    }

    Samples journal() {
        return journal;
    }

    Samples raw() {
        return raw;
    }

    /** The size of a batch in the file. */
    int bytes() {
        return bytes;
    }

    private void run(Path dir, int blocks) throws IOException {
        var folder = dir.resolve("journal");
        var settings = JournalSettings.of("bench");
        var place = Journal.at(folder, new JournalSettings(settings.bootId(), 1L << 40, 1, settings.backlogBatches()));
        try (var reader = place.read();
                var writer = place.write(reader, EPOCH);
                var file = FileChannel.open(
                        dir.resolve("raw"), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND)) {
            writer.append(death(writer.position().seq() + 1));
            var before = size(folder);
            writer.append(death(writer.position().seq() + 1));
            bytes = Math.toIntExact(size(folder) - before);
            var buffer = ByteBuffer.allocateDirect(Math.max(bytes, 1));
            // The first half warms up.
            for (var block = 0; block < 2 * blocks; block++) {
                var counts = block >= blocks;
                for (var i = 0; i < BLOCK; i++) {
                    var batch = death(writer.position().seq() + 1);
                    var from = System.nanoTime();
                    writer.append(batch);
                    keep(journal, counts, System.nanoTime() - from);
                }
                for (var i = 0; i < BLOCK; i++) {
                    buffer.clear();
                    var from = System.nanoTime();
                    file.write(buffer);
                    keep(raw, counts, System.nanoTime() - from);
                }
            }
        }
    }

    private static void keep(Samples samples, boolean counts, long duration) {
        if (counts) {
            samples.add(duration);
        }
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** What a death comes to: the death and the start that was decided upon. */
    private static Batch death(long seq) {
        return new Batch(List.of(
                event(seq, "death", Optional.of(ExitReason.signalled("SIGKILL", false)), OptionalLong.empty()),
                event(seq + 1, "start-intended", Optional.empty(), OptionalLong.of(seq))));
    }

    private static Event event(long seq, String type, Optional<ExitReason> reason, OptionalLong cause) {
        return new Event(
                seq,
                EPOCH,
                Instant.EPOCH,
                System.nanoTime(),
                type,
                Optional.of("web"),
                Optional.of("died"),
                Optional.of("restart"),
                OptionalLong.of(4711),
                reason,
                Optional.empty(),
                cause,
                Optional.of(Actor.part("detector-process")),
                Map.of());
    }
}
