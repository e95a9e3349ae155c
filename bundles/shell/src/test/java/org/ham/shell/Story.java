package org.ham.shell;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.journal.Batch;
import org.ham.journal.Journal;
import org.ham.journal.JournalSettings;
import org.ham.journal.JournalWriter;

/** Writes a journal, line by line, as a HAM would. */
final class Story implements AutoCloseable {
    private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05Z");

    private final JournalWriter writer;
    private long seq;
    private final long epoch;

    Story(Path runDir, long epoch) {
        var journal = Journal.at(runDir.resolve("journal"), JournalSettings.of("boot"));
        try (var reader = journal.read()) {
            while (reader.next().isPresent()) {
                // On to the end.
            }
            this.seq = reader.position().seq();
            this.epoch = epoch;
            this.writer = journal.write(reader, epoch);
        }
    }

    /** Writes a line; a cause of 0 is none. Each comes a millisecond after the one before. */
    Event tell(String type, String entity, long cause) {
        seq++;
        var event = new Event(
                seq,
                epoch,
                BEGAN.plusMillis(seq),
                seq * 1_000_000,
                type,
                Optional.of(entity),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                type.equals("death") ? Optional.of(ExitReason.signalled("SIGKILL", false)) : Optional.empty(),
                Optional.empty(),
                cause == 0 ? OptionalLong.empty() : OptionalLong.of(cause),
                Optional.empty(),
                Map.of());
        writer.append(new Batch(List.of(event)));
        return event;
    }

    static List<Long> numbers(List<Event> events) {
        var numbers = new ArrayList<Long>();
        events.forEach(event -> numbers.add(event.seq()));
        return numbers;
    }

    @Override
    public void close() {
        writer.close();
    }
}
