package org.ham.journal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.api.ExitReason;

/** Makes journal lines for tests and reads them back. */
final class Lines {
    static final String BOOT = "4c1f4a3e-0d4b-4b0e-9f43-2f9d3a1f5a01";
    static final JournalSettings SETTINGS = JournalSettings.of(BOOT);

    private Lines() {}

    /** Small files, few kept. */
    static JournalSettings small(long segmentBytes) {
        return new JournalSettings(BOOT, segmentBytes, 2, 8);
    }

    static Event line(long seq, long epoch) {
        return new Event(
                seq,
                epoch,
                Instant.ofEpochSecond(1_790_000_000L + seq, seq * 1001),
                seq * 1_000_000,
                seq % 3 == 0 ? "death" : "action-done",
                Optional.of("web-" + seq % 7),
                seq % 3 == 0 ? Optional.empty() : Optional.of("died"),
                seq % 3 == 0 ? Optional.empty() : Optional.of("restart"),
                OptionalLong.of(4711 + seq),
                seq % 3 == 0 ? Optional.of(ExitReason.signalled("SIGSEGV", true)) : Optional.empty(),
                seq % 3 == 0 ? Optional.empty() : Optional.of("ok"),
                seq > 1 ? OptionalLong.of(seq - 1) : OptionalLong.empty(),
                Optional.of(Actor.part("detector-process")),
                Map.of("invocation", "i" + seq));
    }

    static Batch batch(long from, int count, long epoch) {
        return new Batch(LongStream.range(from, from + count)
                .mapToObj(seq -> line(seq, epoch))
                .toList());
    }

    /** A writer after all that is there. */
    static JournalWriter writer(Journal journal, long epoch) {
        try (var reader = journal.read()) {
            drain(reader);
            return journal.write(reader, epoch);
        }
    }

    /** Appends batches of 1, 2, 3, 1, 2, 3, … lines. */
    static void append(JournalWriter writer, int batches) {
        for (var i = 0; i < batches; i++) {
            writer.append(batch(
                    writer.position().seq() + 1, 1 + i % 3, writer.position().epoch()));
        }
    }

    /** All batches there are. */
    static List<Batch> drain(JournalReader reader) {
        var batches = new ArrayList<Batch>();
        for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
            batches.add(batch.get());
        }
        return batches;
    }

    static List<Event> events(List<Batch> batches) {
        return batches.stream().flatMap(batch -> batch.events().stream()).toList();
    }

    static List<Long> seqs(List<Batch> batches) {
        return events(batches).stream().map(Event::seq).toList();
    }

    /** The numbers of all lines that a new reader finds. */
    static List<Long> seqs(Journal journal) {
        try (var reader = journal.read()) {
            return seqs(drain(reader));
        }
    }

    static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    /** A line with next to nothing in it. */
    static Event tiny(long seq) {
        return new Event(
                seq,
                1,
                Instant.EPOCH,
                seq,
                "t",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of());
    }

    /** The files in a folder. */
    static List<Path> files(Path dir) {
        try {
            return new LocalDisk().list(dir).stream().map(dir::resolve).toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<Path> segments(Path dir) {
        try {
            return Segments.list(new LocalDisk(), dir).stream()
                    .map(first -> Segments.path(dir, first))
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
