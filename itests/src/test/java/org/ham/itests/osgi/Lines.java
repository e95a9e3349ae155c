package org.ham.itests.osgi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ham.api.Event;
import org.ham.journal.Journal;
import org.ham.journal.JournalSettings;

/** The lines of a journal. Stateless. */
final class Lines {
    private Lines() {}

    /** All that are in the journal of a run-dir. */
    static List<Event> of(Path runDir) {
        var lines = new ArrayList<Event>();
        try (var reader =
                Journal.at(runDir.resolve("journal"), JournalSettings.of("")).readAfter(0)) {
            for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
                lines.addAll(batch.get().events());
            }
        }
        return lines;
    }
}
