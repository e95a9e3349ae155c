package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.journal.Lines.append;
import static org.ham.journal.Lines.batch;
import static org.ham.journal.Lines.drain;
import static org.ham.journal.Lines.events;
import static org.ham.journal.Lines.range;
import static org.ham.journal.Lines.segments;
import static org.ham.journal.Lines.seqs;
import static org.ham.journal.Lines.small;
import static org.ham.journal.Lines.writer;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, broken, or not ours. */
class DiskTroubleTest {
    @TempDir
    Path temp;

    private final FaultyDisk disk = new FaultyDisk();

    private Path dir() {
        return temp.resolve("journal");
    }

    private Journal journal() {
        return Journal.at(dir(), small(100_000), disk);
    }

    @Test
    void keepsLinesInMemoryWhileTheDiskIsFullAndWritesThemInOrderLater() throws IOException {
        for (var room = 0; room < 700; room += 23) {
            var run = temp.resolve("room-" + room);
            var journal = Journal.at(run, small(100_000), disk);
            disk.room = Long.MAX_VALUE;
            disk.cannotTruncate = room % 2 == 0;
            try (var writer = writer(journal, 1);
                    var reader = journal.read()) {
                append(writer, 1);
                disk.room = room;
                append(writer, 5);
                assertThat(writer.degraded()).isTrue();
                assertThat(writer.trouble())
                        .get()
                        .asString()
                        .contains(
                                "No space left on device",
                                "in memory",
                                segments(run).getFirst().toString());
                assertThat(writer.position().seq()).isEqualTo(10);
                var early = seqs(drain(reader));
                assertThat(early).isEqualTo(range(1, early.size()));
                assertThat(writer.flush()).isFalse();
                disk.room = 300;
                writer.flush();
                disk.room = Long.MAX_VALUE;
                assertThat(writer.flush()).isTrue();
                assertThat(writer.degraded()).isFalse();
                assertThat(writer.trouble()).isEmpty();
                assertThat(writer.findings()).anyMatch(f -> f.contains("is written again"));
                append(writer, 1);
                assertThat(seqs(drain(reader))).isEqualTo(range(early.size() + 1, 11));
                assertThat(reader.findings()).isEmpty();
            }
            assertThat(seqs(journal)).isEqualTo(range(1, 11));
        }
    }

    @Test
    void explainsTheNumbersOfLinesThatWereGivenUp() {
        try (var writer = writer(journal(), 1);
                var mirror = journal().read()) {
            append(writer, 1);
            disk.room = 0;
            for (var i = 0; i < 20; i++) {
                writer.append(batch(writer.position().seq() + 1, 2, 1));
            }
            assertThat(writer.trouble())
                    .get()
                    .asString()
                    .contains("16 lines wait in memory, 24 before them are lost (lines 2 to 25)");
            disk.room = Long.MAX_VALUE;
            assertThat(writer.flush()).isTrue();
            assertThat(writer.findings()).anyMatch(f -> f.startsWith("lines 2 to 25 were lost"));
            append(writer, 1);
            var events = events(drain(mirror));
            assertThat(events).hasSize(1 + 1 + 16 + 1);
            assertThat(events.get(1).type()).isEqualTo(Journal.LOST);
            assertThat(events.get(1).seq()).isEqualTo(25);
            assertThat(events.get(1).data()).isEqualTo(Map.of("from", 2L, "to", 25L));
            assertThat(events.get(2).seq()).isEqualTo(26);
            assertThat(mirror.findings()).isEmpty();
            // Those who fold lines have missed some: a snapshot is needed, and they are sent to it.
            assertThat(writer.snapshotDue()).isTrue();
            assertThat(writer.snapshotNeeded()).isTrue();
            writer.snapshot("whole again");
            assertThat(writer.snapshotNeeded()).isFalse();
            assertThatThrownBy(() -> drain(mirror)).isInstanceOf(JournalGapException.class);
            try (var anew = journal().read()) {
                assertThat(anew.snapshot()).map(Snapshot::state).contains("whole again");
            }
        }
    }

    @Test
    void takesOverWithAFullDisk() {
        try (var writer = writer(journal(), 1)) {
            append(writer, 3);
        }
        disk.room = 0;
        try (var writer = writer(journal(), 2)) {
            append(writer, 2);
            assertThat(writer.degraded()).isTrue();
            assertThat(writer.flush()).isFalse();
            disk.room = Long.MAX_VALUE;
            assertThat(writer.flush()).isTrue();
        }
        assertThat(seqs(journal())).isEqualTo(range(1, 9));
    }

    @Test
    void beginsWithAFullDisk() {
        disk.room = 0;
        try (var writer = writer(journal(), 1)) {
            append(writer, 2);
            assertThat(writer.degraded()).isTrue();
            disk.room = Long.MAX_VALUE;
            assertThat(writer.flush()).isTrue();
            append(writer, 1);
            try (var other = writer(journal(), 2)) {
                assertThatThrownBy(() -> append(writer, 1)).isInstanceOf(StaleEpochException.class);
                append(other, 1);
            }
        }
        assertThat(seqs(journal())).isEqualTo(range(1, 5));
    }

    /** There are two only where somebody took the lock away from the first. */
    @Test
    void ofTwoThatBeganWithAFullDiskTheFirstThatCanWriteGoesOnAlone() {
        disk.room = 0;
        try (var one = writer(journal(), 1);
                var other = writer(journal(), 1)) {
            append(one, 2);
            append(other, 3);
            disk.room = Long.MAX_VALUE;
            assertThat(other.flush()).isTrue();
            assertThatThrownBy(one::flush).isInstanceOf(StaleEpochException.class);
            append(other, 1);
            assertThat(seqs(journal())).isEqualTo(range(1, other.position().seq()));
        }
    }

    @Test
    void writesWhatWaitsWhenItIsClosed() {
        try (var writer = writer(journal(), 1)) {
            disk.room = 0;
            append(writer, 2);
            disk.room = Long.MAX_VALUE;
        }
        assertThat(seqs(journal())).isEqualTo(range(1, 3));
    }

    /** One whose making began before the disk refused, and came after lines were lost. */
    @Test
    void aSnapshotThatComesWhileTheDiskRefusesPutsTheNextOneOffByNothing() {
        try (var writer = writer(journal(), 1)) {
            append(writer, 1);
            var seq = writer.position().seq();
            disk.room = 0;
            append(writer, 1);
            writer.snapshot(seq, "too late");
            for (var i = 0; i < 20; i++) {
                append(writer, 1);
            }
            disk.room = Long.MAX_VALUE;
            assertThat(writer.flush()).isTrue();
            assertThat(writer.snapshotDue()).isTrue();
            // It has not what was lost.
            writer.snapshot(seq, "earlier than what was lost");
            assertThat(writer.snapshotDue()).isTrue();
            writer.snapshot("whole again");
            assertThat(writer.snapshotDue()).isFalse();
        }
    }

    @Test
    void goesOnWhenASnapshotCannotBeWritten() throws IOException {
        var journal = Journal.at(dir(), small(2000), disk);
        try (var writer = writer(journal, 1)) {
            while (!writer.snapshotDue()) {
                append(writer, 1);
            }
            disk.room = 50;
            writer.snapshot("much");
            assertThat(writer.trouble())
                    .get()
                    .asString()
                    .contains("cannot write a snapshot", "No space left on device");
            assertThat(writer.degraded()).isFalse();
            assertThat(writer.snapshotDue()).as("not at once again").isFalse();
            assertThat(dir().resolve("snapshot.tmp")).doesNotExist();
            disk.room = Long.MAX_VALUE;
            append(writer, 3);
            assertThat(writer.snapshotDue()).isTrue();
            disk.room = 50;
            writer.snapshot("again");
            assertThat(writer.snapshotDue()).isFalse();
            disk.room = Long.MAX_VALUE;
            assertThat(writer.reserve()).isTrue();
            assertThat(writer.snapshotDue()).as("also when nothing is appended").isTrue();
            writer.snapshot("now");
            assertThat(writer.trouble()).isEmpty();
        }
        try (var reader = journal.read()) {
            assertThat(reader.snapshot()).map(Snapshot::state).contains("now");
        }
    }

    @Test
    void aFullDiskTakesLinesInTheRoomOfTheReserve() throws IOException {
        var journal = Journal.at(dir(), small(2000), disk);
        disk.deletionsMakeRoom = true;
        try (var writer = writer(journal, 1)) {
            append(writer, 1);
            assertThat(writer.reserve()).isTrue();
            assertThat(Files.size(dir().resolve(Reserve.NAME))).isEqualTo(2000);
            assertThat(writer.trouble()).isEmpty();
            disk.room = 0;
            append(writer, 2);
            assertThat(writer.degraded()).as("the lines are on the disk").isFalse();
            assertThat(seqs(journal)).isEqualTo(range(1, 4));
            assertThat(writer.trouble())
                    .get()
                    .asString()
                    .contains("is full", "No space left on device", "held in reserve");
            assertThat(writer.reserve()).as("no room to make it again").isFalse();
            assertThat(dir().resolve(Reserve.NAME)).doesNotExist();
            assertThat(dir().resolve(Reserve.NAME + ".tmp")).doesNotExist();
            disk.room = 100_000;
            assertThat(writer.reserve()).isTrue();
            assertThat(writer.trouble()).isEmpty();
        }
    }

    @Test
    void aReserveThatIsUsedUpLeavesTheLinesInMemory() {
        var journal = Journal.at(dir(), small(500), disk);
        disk.deletionsMakeRoom = true;
        try (var writer = writer(journal, 1)) {
            assertThat(writer.reserve()).isTrue();
            disk.room = 0;
            append(writer, 6);
            assertThat(writer.degraded()).isTrue();
            disk.room = Long.MAX_VALUE;
            assertThat(writer.flush()).isTrue();
        }
        assertThat(seqs(journal)).isEqualTo(range(1, 12));
    }

    @Test
    void rollsWhenThereIsRoomAgain() {
        var journal = Journal.at(dir(), small(1000), disk);
        try (var writer = writer(journal, 1)) {
            append(writer, 3);
            disk.room = 0;
            append(writer, 3);
            assertThat(writer.degraded()).isTrue();
            disk.room = Long.MAX_VALUE;
            assertThat(writer.flush()).isTrue();
            append(writer, 3);
        }
        assertThat(seqs(journal)).isEqualTo(range(1, 18));
        assertThat(segments(dir())).hasSize(3);
    }

    @Test
    void saysWhatToDoWhenTheFolderIsNotOurs() {
        writer(journal(), 1).close();
        disk.refusal = new AccessDeniedException(dir().toString());
        assertThatThrownBy(() -> journal().read())
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.DENIED))
                .hasMessageContainingAll(
                        "may not read the journal in " + dir(), "permission denied", "run as the user");
        disk.refusal = null;
        var reader = journal().read();
        disk.refusal = new AccessDeniedException(dir().toString());
        assertThatThrownBy(() -> journal().write(reader, 2))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.DENIED))
                .hasMessageContaining("may not write the journal in " + dir());
        reader.close();
    }

    @Test
    void tellsOnceThatTheJournalCannotBeReadAnyMore() {
        try (var reader = journal().read()) {
            disk.refusal = new IOException("Input/output error");
            assertThat(reader.next()).isEmpty();
            assertThat(reader.next()).isEmpty();
            assertThat(reader.findings())
                    .containsExactly("cannot read the journal in " + dir() + ": Input/output error");
            assertThat(reader.next()).isEmpty();
            assertThat(reader.findings()).isEmpty();
            disk.refusal = null;
            try (var writer = writer(journal(), 1)) {
                append(writer, 1);
            }
            assertThat(seqs(drain(reader))).isEqualTo(range(1, 1));
        }
        assertThat(Files.exists(dir())).isTrue();
    }
}
