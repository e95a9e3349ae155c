package org.ham.shell;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.journal.Journal;
import org.ham.journal.JournalGapException;
import org.ham.journal.JournalReader;
import org.ham.journal.JournalSettings;

/**
 * Reads the journal of a run-dir from its files, so it goes on through a takeover. When the writer has deleted what it
 * still had to read it says so and goes on with what is there. Confined to one thread.
 */
public final class Timeline implements AutoCloseable {
    // Files that grow wake the watch at once; this is for what it may miss, such as a journal that is not there yet.
    private static final long LOOK_AGAIN_MS = 1000;

    private final Path folder;
    private final Journal journal;
    private final List<String> findings = new ArrayList<>();
    private long last;
    private Optional<JournalReader> reader = Optional.empty();
    private Optional<WatchService> watch = Optional.empty();

    /** Reads what comes after an event's number; 0 for all. */
    public Timeline(Path runDir, long after) {
        this.folder = runDir.resolve("journal");
        this.journal = Journal.at(folder, JournalSettings.of(""));
        this.last = after;
    }

    /** Passes on what is there and has not been passed on. */
    public void readAll(Consumer<Event> each) {
        while (Files.isDirectory(folder)) {
            try {
                read(each);
                return;
            } catch (JournalGapException e) {
                findings.add("events after " + last + " are no longer kept; going on with what is there");
                close(reader);
                reader = Optional.empty();
            }
        }
    }

    private void read(Consumer<Event> each) {
        var open = reader.orElseGet(() -> journal.readAfter(last));
        reader = Optional.of(open);
        for (var batch = open.next(); batch.isPresent(); batch = open.next()) {
            for (var event : batch.get().events()) {
                if (event.seq() > last) {
                    last = event.seq();
                    each.accept(event);
                }
            }
        }
        findings.addAll(open.findings());
    }

    /** The number of the last event that was passed on. */
    public long last() {
        return last;
    }

    /** What was odd since the last call, in sentences. */
    public List<String> findings() {
        var all = List.copyOf(findings);
        findings.clear();
        return all;
    }

    /** Waits until there may be more; a second at the most. */
    public void await() throws InterruptedException {
        try {
            if (watch.isEmpty() && Files.isDirectory(folder)) {
                var made = FileSystems.getDefault().newWatchService();
                watch = Optional.of(made);
                folder.register(made, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
                return;
            }
        } catch (IOException _) {
            // Too many watches on this machine, or the folder went: looking again in a second does it as well.
        }
        if (watch.isEmpty()) {
            Thread.sleep(LOOK_AGAIN_MS);
            return;
        }
        var key = watch.get().poll(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    @Override
    public void close() {
        close(reader);
        close(watch);
    }

    private static void close(Optional<? extends AutoCloseable> resource) {
        resource.ifPresent(open -> {
            try {
                open.close();
            } catch (Exception e) {
                System.getLogger(Timeline.class.getName()).log(System.Logger.Level.DEBUG, "closing", e);
            }
        });
    }
}
