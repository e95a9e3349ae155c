package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.journal.Lines.append;
import static org.ham.journal.Lines.drain;
import static org.ham.journal.Lines.files;
import static org.ham.journal.Lines.range;
import static org.ham.journal.Lines.segments;
import static org.ham.journal.Lines.seqs;
import static org.ham.journal.Lines.small;
import static org.ham.journal.Lines.writer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    @TempDir
    Path temp;

    private Path dir() {
        return temp.resolve("journal");
    }

    private Journal journal() {
        return Journal.at(dir(), small(2000));
    }

    /** Appends like the core does: a snapshot whenever one is due. Its state is the last line's number. */
    private static void keepUp(JournalWriter writer, int batches) {
        for (var i = 0; i < batches; i++) {
            append(writer, 1);
            if (writer.snapshotDue()) {
                writer.snapshot("up to " + writer.position().seq());
            }
        }
    }

    /** Reads all and checks that snapshot and lines fit together. Returns the last line. */
    private static long readWhole(Journal journal, String as) {
        try (var reader = journal.read()) {
            var from = reader.snapshot().map(Snapshot::seq).orElse(0L);
            reader.snapshot().ifPresent(s -> assertThat(s.state()).isEqualTo("up to " + s.seq()));
            var seqs = seqs(drain(reader));
            assertThat(seqs).as(as).isEqualTo(range(from + 1, from + seqs.size()));
            assertThat(reader.position().seq()).isEqualTo(from + seqs.size());
            return reader.position().seq();
        }
    }

    @Test
    void beginsAtTheNewestSnapshot() {
        try (var writer = writer(journal(), 1)) {
            append(writer, 4);
            writer.snapshot("up to 7");
            append(writer, 1);
        }
        try (var reader = journal().read()) {
            assertThat(reader.snapshot()).contains(new Snapshot(7, 1, "up to 7"));
            assertThat(reader.position()).isEqualTo(new Position(7, 1));
            assertThat(seqs(drain(reader))).isEqualTo(range(8, 8));
            assertThat(reader.findings()).isEmpty();
        }
    }

    @Test
    void staysBounded() {
        try (var writer = writer(journal(), 1)) {
            for (var i = 0; i < 40; i++) {
                keepUp(writer, 20);
                assertThat(segments(dir())).hasSizeLessThan(8);
            }
        }
        assertThat(readWhole(journal(), "")).isEqualTo(800);
        try (var reader = journal().readAfter(3)) {
            var seqs = seqs(drain(reader));
            assertThat(seqs).isEqualTo(range(seqs.getFirst(), 800));
            assertThat(reader.findings())
                    .containsExactly("lines 4 to " + (seqs.getFirst() - 1) + " are no longer kept");
        }
    }

    @Test
    void staysBoundedWhenEachHamDiesAfterALine() throws IOException {
        for (var epoch = 1; epoch <= 60; epoch++) {
            try (var writer = writer(journal(), epoch)) {
                keepUp(writer, 1);
            }
            assertThat(segments(dir())).hasSizeLessThan(13);
        }
        assertThat(readWhole(journal(), "")).isEqualTo(60);
        assertThat(files(dir())).hasSizeLessThan(17);
    }

    @Test
    void isDueWhenAFileIsFull() {
        try (var writer = writer(Journal.at(dir(), small(5000)), 1)) {
            assertThat(writer.snapshotDue()).isFalse();
            while (!writer.snapshotDue()) {
                append(writer, 1);
            }
            var first = writer.position().seq();
            assertThat(first).isBetween(10L, 30L);
            assertThat(writer.snapshotOverdue()).isFalse();
            while (!writer.snapshotOverdue()) {
                append(writer, 1);
            }
            assertThat(writer.position().seq()).isBetween(2 * first - 2, 2 * first + 2);
            writer.snapshot("x");
            assertThat(writer.snapshotDue()).isFalse();
            assertThat(writer.snapshotOverdue()).isFalse();
            append(writer, 3);
            assertThat(writer.snapshotDue()).isFalse();
        }
        try (var writer = writer(Journal.at(dir(), small(5000)), 2)) {
            append(writer, 30);
            assertThat(writer.snapshotDue()).isTrue();
        }
        try (var writer = writer(Journal.at(dir(), small(5000)), 3)) {
            assertThat(writer.snapshotDue()).isTrue();
        }
    }

    @Test
    void goesBackToThePredecessorWhenTheSnapshotIsDamaged() throws IOException {
        try (var writer = writer(journal(), 1)) {
            keepUp(writer, 100);
        }
        var snapshot = dir().resolve("snapshot");
        var good = Files.readAllBytes(snapshot);
        for (var damage = 0; damage < good.length; damage++) {
            var bytes = good.clone();
            bytes[damage] ^= 0x10;
            Files.write(snapshot, bytes);
            assertFallback("byte " + damage);
            Files.write(snapshot, Arrays.copyOf(good, damage));
            assertFallback("cut at " + damage);
        }
        try (var writer = writer(journal(), 2)) {
            assertThat(writer.snapshotDue()).isTrue();
            keepUp(writer, 1);
            assertThat(writer.snapshotDue()).isFalse();
        }
        Files.write(snapshot, new byte[0]);
        assertThat(readWhole(journal(), "predecessor survived")).isEqualTo(101);
    }

    private void assertFallback(String as) {
        try (var reader = journal().read()) {
            assertThat(reader.snapshot()).as(as).isPresent();
            assertThat(reader.findings()).as(as).anyMatch(f -> f.contains("going back to the one before"));
        }
        assertThat(readWhole(journal(), as)).isEqualTo(100);
    }

    /** Its making takes a while, in which lines go on. */
    @Test
    void mayBeOfALineThatOthersHaveFollowed() throws IOException {
        try (var writer = writer(journal(), 1)) {
            append(writer, 3);
            for (var round = 0; round < 40; round++) {
                append(writer, 5);
                var seq = writer.position().seq();
                append(writer, round % 30);
                writer.snapshot(seq, "up to " + seq);
                var whole = readWhole(journal(), "round " + round);
                assertThat(whole).isEqualTo(writer.position().seq());
                assertThat(segments(dir())).hasSizeLessThan(20);
                try (var reader = journal().read()) {
                    assertThat(reader.snapshot()).map(Snapshot::seq).contains(seq);
                    assertThat(reader.findings()).isEmpty();
                }
            }
            var last = writer.position().seq();
            assertThatThrownBy(() -> writer.snapshot(last + 1, "x")).isInstanceOf(IllegalArgumentException.class);
            Files.write(dir().resolve("snapshot"), new byte[0]);
            assertThat(readWhole(journal(), "predecessor")).isEqualTo(last);
        }
        try (var writer = writer(journal(), 2)) {
            var last = writer.position().seq();
            assertThatThrownBy(() -> writer.snapshot(last - 1, "x")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void makesAnotherWhenSomebodyHasDeletedTheLastOne() throws IOException {
        try (var writer = writer(journal(), 1)) {
            keepUp(writer, 100);
            var last = writer.position().seq();
            writer.snapshot("up to " + last);
            Files.delete(dir().resolve("snapshot"));
            append(writer, 1);
            var now = writer.position().seq();
            writer.snapshot("up to " + now);
            assertThat(writer.trouble()).isEmpty();
            assertThat(readWhole(journal(), "")).isEqualTo(now);
        }
    }

    @Test
    void putsAGoodOneInPlaceOfOneThatIsDamaged() throws IOException {
        try (var writer = writer(journal(), 1)) {
            keepUp(writer, 100);
        }
        var snapshot = dir().resolve("snapshot");
        var good = Files.readAllBytes(snapshot);
        try (var writer = writer(journal(), 2)) {
            assertThat(writer.snapshotDue()).isFalse();
        }
        for (var damage = 0; damage < good.length; damage++) {
            var bytes = good.clone();
            bytes[damage] ^= 0x10;
            Files.write(snapshot, bytes);
            try (var writer = writer(journal(), 3 + damage)) {
                assertThat(writer.snapshotDue()).as("byte " + damage).isTrue();
            }
            assertThat(snapshot).hasBinaryContent(bytes);
        }
        Files.write(snapshot, good);
        try (var writer = writer(journal(), 1000)) {
            assertThat(writer.snapshotDue()).isFalse();
        }
        Files.write(snapshot, Arrays.copyOf(good, good.length - 1));
        try (var writer = writer(journal(), 1001)) {
            keepUp(writer, 1);
            assertThat(writer.snapshotDue()).isFalse();
        }
        Files.write(snapshot, new byte[0]);
        assertThat(readWhole(journal(), "predecessor survived")).isEqualTo(101);
    }

    @Test
    void whoTakesOverReadsTheirHeadsOnly() {
        var disk = new FaultyDisk();
        var large = "x".repeat(1_000_000);
        try (var writer = writer(journal(), 1)) {
            append(writer, 1);
            writer.snapshot(large);
            append(writer, 1);
            writer.snapshot(large);
            append(writer, 1);
        }
        var journal = Journal.at(dir(), small(2000), disk);
        try (var reader = journal.read()) {
            drain(reader);
            disk.read = 0;
            try (var writer = journal.write(reader, 2)) {
                append(writer, 1);
                assertThat(disk.read).isLessThan(10_000);
                assertThat(writer.snapshotDue()).isFalse();
                assertThat(disk.read).isGreaterThan(2L * large.length());
                disk.read = 0;
                assertThat(writer.snapshotDue()).isFalse();
                assertThat(disk.read).isZero();
            }
        }
    }

    @Test
    void startsWithWhatIsReadableWhenBothSnapshotsAreDamaged() throws IOException {
        try (var writer = writer(journal(), 1)) {
            keepUp(writer, 300);
        }
        Files.write(dir().resolve("snapshot"), new byte[] {1});
        Files.write(dir().resolve("snapshot.1"), new byte[] {1});
        try (var reader = journal().read()) {
            assertThat(reader.snapshot()).isEmpty();
            var seqs = seqs(drain(reader));
            assertThat(seqs.getFirst()).isGreaterThan(1);
            assertThat(seqs).isEqualTo(range(seqs.getFirst(), 300));
            assertThat(reader.findings())
                    .hasSize(3)
                    .anyMatch(f -> f.contains("starting with the oldest lines that are kept"))
                    .anyMatch(f -> f.startsWith("lines 1 to " + (seqs.getFirst() - 1) + " are missing"));
            try (var writer = journal().write(reader, 2)) {
                keepUp(writer, 1);
            }
        }
        assertThat(readWhole(journal(), "")).isEqualTo(301);
    }

    @Test
    void tellsAReaderThatFellBehindToStartAnew() {
        try (var writer = writer(journal(), 1);
                var slow = journal().read();
                var lines = journal().readAfter(0)) {
            keepUp(writer, 5);
            assertThat(seqs(drain(slow))).isEqualTo(range(1, 5));
            assertThat(seqs(drain(lines))).isEqualTo(range(1, 5));
            keepUp(writer, 300);
            assertThatThrownBy(() -> drain(slow))
                    .isInstanceOf(JournalGapException.class)
                    .hasMessageContaining("start anew");
            assertThatThrownBy(() -> drain(lines)).isInstanceOf(JournalGapException.class);
            assertThat(readWhole(journal(), "")).isEqualTo(305);
            try (var again = journal().readAfter(lines.position().seq())) {
                assertThat(seqs(drain(again))).endsWith(305L);
                assertThat(again.findings()).hasSize(1);
            }
        }
    }

    @Test
    void survivesACrashBetweenAnyTwoSteps() throws IOException {
        var steps = 0;
        for (var crashAt = 1; ; crashAt++) {
            var run = temp.resolve("run-" + crashAt);
            var disk = new FaultyDisk();
            disk.crashAt = crashAt;
            var acknowledged = 0L;
            var crashed = false;
            try {
                var reader = Journal.at(run, small(2000), disk).read();
                var writer = Journal.at(run, small(2000), disk).write(reader, 1);
                while (acknowledged < 40) {
                    append(writer, 1);
                    acknowledged = writer.position().seq();
                    if (writer.snapshotDue()) {
                        writer.snapshot("up to " + acknowledged);
                    }
                }
                steps = disk.steps();
            } catch (FaultyDisk.Crash e) {
                crashed = true;
            }
            var journal = Journal.at(run, small(2000));
            var as = "crash at step " + crashAt;
            var last = readWhole(journal, as);
            assertThat(last).as(as).isBetween(acknowledged, acknowledged + 1);
            // Even with the newest snapshot gone, everything is there.
            if (Files.exists(run.resolve("snapshot"))) {
                var snapshot = Files.readAllBytes(run.resolve("snapshot"));
                Files.write(run.resolve("snapshot"), new byte[0]);
                assertThat(readWhole(journal, as + ", snapshot damaged")).isEqualTo(last);
                Files.write(run.resolve("snapshot"), snapshot);
            }
            try (var writer = writer(journal, 2)) {
                keepUp(writer, 30);
            }
            assertThat(readWhole(journal, as + ", gone on")).isEqualTo(last + 30);
            if (!crashed) {
                break;
            }
        }
        assertThat(steps).isGreaterThan(60);
    }

    @Test
    void survivesACrashBetweenAnyTwoStepsOfSettingAside() {
        for (var crashAt = 1; ; crashAt++) {
            var run = temp.resolve("aside-" + crashAt);
            var before = new JournalSettings("22222222-old", 2000, 2, 8);
            try (var writer = writer(Journal.at(run, before), 3)) {
                keepUp(writer, 60);
            }
            var disk = new FaultyDisk();
            disk.crashAt = crashAt;
            var crashed = false;
            try {
                var journal = Journal.at(run, small(2000), disk);
                var writer = journal.write(journal.read(), 1);
                append(writer, 1);
            } catch (FaultyDisk.Crash e) {
                crashed = true;
            }
            var journal = Journal.at(run, small(2000));
            var last = readWhole(journal, "crash at step " + crashAt);
            assertThat(last).isBetween(crashed ? 0L : 1L, 1L);
            try (var writer = writer(journal, 2)) {
                keepUp(writer, 3);
            }
            assertThat(readWhole(journal, "gone on")).isEqualTo(last + 3);
            assertThat(segments(run.resolve("boot-22222222"))).isNotEmpty();
            if (!crashed) {
                assertThat(crashAt).isGreaterThan(8);
                return;
            }
        }
    }
}
