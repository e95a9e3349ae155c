package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ham.api.Actor;
import org.ham.core.engine.Input;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Journals that earlier versions wrote, and what this version makes of them. {@code docs/journal.md}, section Versions. */
class StoredJournalsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    static List<Path> all() throws IOException {
        try (Stream<Path> journals = Files.list(StoredJournal.ALL)) {
            return journals.sorted().toList();
        }
    }

    private Path copyOf(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            for (var file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    @Test
    void thereIsOneAtLeast() throws IOException {
        assertThat(all()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aStoredJournalGivesTheTreeThatWasStoredWithIt(Path journal) throws IOException {
        var follower = new StoredJournal(journal).followed();
        assertThat(Shown.missing(StoredJournal.expected(journal), StoredJournal.view(follower.state()), ""))
                .as("what is different")
                .isEmpty();
        assertThat(follower.takeFindings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aStoredJournalIsWrittenOn(Path journal) throws IOException {
        var stored = new StoredJournal(copyOf(journal));
        var follower = stored.followed();
        var before = follower.state();
        var leader = stored.led(follower, 300);
        assertThat(leader.state().epoch()).isEqualTo(before.epoch() + 1);
        assertThat(leader.state().hamPid()).isEqualTo(300);
        assertThat(leader.state().seq()).isGreaterThan(before.seq());
        stored.ask(leader, new Input.ReportState("printer", 0, 77), Actor.part("test"));
        assertThat(leader.state().entity("printer").orElseThrow().state()).isEqualTo(77);
        // What was asked for under the old version is known to have been done.
        var repeated = before.requests().order().getLast();
        var seq = leader.state().seq();
        stored.ask(
                leader,
                new Input.ReportState("printer", 0, 78),
                Actor.part("test").asking(repeated));
        assertThat(leader.state().seq()).isEqualTo(seq);
        leader.close();
        var again = stored.followed();
        StoredJournal.requireSame(again.state(), leader.state());
        assertThat(again.takeFindings()).isEmpty();
        assertThat(stored.journal().readAfter(0).next()).isPresent();
    }

    /** How a release adds its own: {@code -Dham.journal.store=0.1.0}. */
    @Test
    @EnabledIfSystemProperty(named = "ham.journal.store", matches = ".+")
    void store() throws IOException {
        var name = System.getProperty("ham.journal.store", "");
        assertThat(StoredJournal.ALL.resolve(name))
                .as("a stored journal is never changed")
                .doesNotExist();
        StoredJournal.make(name);
    }
}
