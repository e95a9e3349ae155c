package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.journal.Lines.SETTINGS;
import static org.ham.journal.Lines.append;
import static org.ham.journal.Lines.batch;
import static org.ham.journal.Lines.drain;
import static org.ham.journal.Lines.events;
import static org.ham.journal.Lines.files;
import static org.ham.journal.Lines.line;
import static org.ham.journal.Lines.range;
import static org.ham.journal.Lines.segments;
import static org.ham.journal.Lines.seqs;
import static org.ham.journal.Lines.small;
import static org.ham.journal.Lines.writer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path temp;

    private Path dir() {
        return temp.resolve("run/journal");
    }

    private Journal journal() {
        return Journal.at(dir(), SETTINGS);
    }

    @Test
    void isEmptyBeforeAnythingWasWritten() {
        try (var reader = journal().read()) {
            assertThat(reader.next()).isEmpty();
            assertThat(reader.snapshot()).isEmpty();
            assertThat(reader.position()).isEqualTo(Position.START);
            assertThat(reader.findings()).isEmpty();
        }
        assertThat(dir()).doesNotExist();
    }

    @Test
    void bringsBackWhatWasAppended() {
        var written = List.of(batch(1, 3, 1), batch(4, 1, 1), batch(5, 2, 1));
        try (var writer = writer(journal(), 1)) {
            written.forEach(writer::append);
            assertThat(writer.position()).isEqualTo(new Position(6, 1));
            assertThat(writer.degraded()).isFalse();
            assertThat(writer.trouble()).isEmpty();
            assertThat(writer.flush()).isTrue();
        }
        try (var reader = journal().read()) {
            assertThat(drain(reader)).isEqualTo(written);
            assertThat(reader.position()).isEqualTo(new Position(6, 1));
            assertThat(reader.findings()).isEmpty();
        }
    }

    @Test
    void followsAWriterFromBeforeItsFirstLine() {
        try (var reader = journal().read()) {
            assertThat(reader.next()).isEmpty();
            try (var writer = writer(journal(), 1)) {
                for (var i = 0; i < 300; i++) {
                    assertThat(reader.next()).isEmpty();
                    writer.append(batch(writer.position().seq() + 1, 2, 1));
                    assertThat(reader.next()).contains(batch(2L * i + 1, 2, 1));
                }
            }
        }
    }

    @Test
    void followsOverManyFiles() throws IOException {
        var journal = Journal.at(dir(), small(2000));
        try (var reader = journal.read();
                var writer = writer(journal, 1)) {
            var seen = new ArrayList<Batch>();
            for (var i = 0; i < 200; i++) {
                append(writer, 1);
                if (i % 17 == 0) {
                    seen.addAll(drain(reader));
                }
            }
            seen.addAll(drain(reader));
            assertThat(seqs(seen)).isEqualTo(range(1, 200));
            assertThat(segments(dir())).hasSizeGreaterThan(10);
            assertThat(reader.findings()).isEmpty();
        }
        assertThat(seqs(journal)).isEqualTo(range(1, 200));
    }

    @Test
    void refusesBatchesThatDoNotFollow() {
        try (var writer = writer(journal(), 2)) {
            append(writer, 1);
            assertThatThrownBy(() -> writer.append(batch(1, 1, 2))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.append(batch(3, 1, 2))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.append(batch(2, 1, 3))).isInstanceOf(IllegalArgumentException.class);
            writer.append(batch(2, 1, 2));
        }
        assertThatThrownBy(() -> new Batch(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Batch(List.of(line(1, 1), line(3, 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Batch(List.of(line(1, 1), line(2, 2))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesOnlyAfterAReaderThatIsAtTheEnd() {
        try (var writer = writer(journal(), 1)) {
            append(writer, 3);
        }
        try (var reader = journal().read()) {
            assertThatThrownBy(() -> journal().write(reader, 2)).isInstanceOf(IllegalStateException.class);
            assertThat(seqs(drain(reader))).isEqualTo(range(1, 6));
            try (var writer = journal().write(reader, 2)) {
                append(writer, 1);
            }
        }
        try (var lines = journal().readAfter(0)) {
            drain(lines);
            assertThatThrownBy(() -> journal().write(lines, 3)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(seqs(journal())).isEqualTo(range(1, 7));
    }

    @Test
    void shutsOutTheWriterBefore() {
        try (var old = writer(journal(), 1)) {
            append(old, 3);
            try (var fresh = writer(journal(), 2)) {
                assertThatThrownBy(() -> append(old, 1))
                        .isInstanceOf(StaleEpochException.class)
                        .hasMessageContaining("epoch 1, was replaced by one of epoch 2");
                assertThatThrownBy(() -> old.snapshot("x")).isInstanceOf(StaleEpochException.class);
                assertThatThrownBy(old::flush).isInstanceOf(StaleEpochException.class);
                append(fresh, 1);
            }
            assertThatThrownBy(() -> writer(journal(), 1)).isInstanceOf(StaleEpochException.class);
        }
        assertThat(seqs(journal())).isEqualTo(range(1, 7));
    }

    @Test
    void shutsOutAWriterOfTheSameEpochToo() {
        try (var old = writer(journal(), 1);
                var fresh = writer(journal(), 1)) {
            assertThatThrownBy(() -> append(old, 1)).isInstanceOf(StaleEpochException.class);
            append(fresh, 1);
        }
    }

    @Test
    void knowsAnEpochThatWroteNoLine() {
        writer(journal(), 5).close();
        try (var reader = journal().read()) {
            assertThat(reader.next()).isEmpty();
            assertThat(reader.position()).isEqualTo(new Position(0, 5));
        }
    }

    @Test
    void doesNotCountWhatAReplacedWriterFinishesTooLate() throws IOException {
        byte[] late;
        try (var writer = writer(journal(), 1)) {
            append(writer, 3);
            var before = Files.size(segments(dir()).getFirst());
            writer.append(batch(7, 1, 1));
            late = tail(segments(dir()).getFirst(), before);
        }
        var first = segments(dir()).getFirst();
        try (var reader = journal().read();
                var follower = journal().read()) {
            assertThat(seqs(drain(reader))).isEqualTo(range(1, 7));
            cut(first, Files.size(first) - late.length);
            drain(follower);
        }
        try (var writer = writer(journal(), 2)) {
            writer.append(batch(7, 2, 2));
            Files.write(first, late, StandardOpenOption.APPEND);
            try (var reader = journal().read()) {
                var events = events(drain(reader));
                assertThat(events.stream().map(Event::seq)).containsExactlyElementsOf(range(1, 8));
                assertThat(events.get(6).epoch()).isEqualTo(2);
                assertThat(reader.findings()).anyMatch(f -> f.contains("line 7 of epoch 1 were written after"));
            }
        }
    }

    @Test
    void tellsAReaderThatSawALateLineToStartAnew() throws IOException {
        try (var old = writer(journal(), 1);
                var follower = journal().read()) {
            append(old, 3);
            var first = segments(dir()).getFirst();
            var before = Files.size(first);
            old.append(batch(7, 1, 1));
            assertThat(seqs(drain(follower))).isEqualTo(range(1, 7));
            cut(first, before);
            try (var writer = writer(journal(), 2)) {
                writer.append(batch(7, 2, 2));
                assertThatThrownBy(() -> drain(follower)).isInstanceOf(JournalGapException.class);
            }
        }
    }

    @Test
    void dropsFramesOfALowerEpochInTheSameFile() throws IOException {
        byte[] old;
        try (var writer = writer(journal(), 1)) {
            append(writer, 1);
            old = tail(segments(dir()).getFirst(), SegmentHeader.BYTES);
        }
        Files.delete(segments(dir()).getFirst());
        try (var writer = writer(journal(), 2)) {
            writer.append(batch(1, 2, 2));
            Files.write(segments(dir()).getFirst(), old, StandardOpenOption.APPEND);
        }
        try (var reader = journal().read()) {
            assertThat(seqs(drain(reader))).isEqualTo(range(1, 2));
            assertThat(reader.findings()).singleElement().asString().contains("epoch 1", "left out");
        }
    }

    @Test
    void readsAfterALine() {
        try (var writer = writer(Journal.at(dir(), small(1500)), 1)) {
            append(writer, 30);
        }
        for (var since = 0L; since <= 62; since++) {
            try (var reader = journal().readAfter(since)) {
                assertThat(seqs(drain(reader))).as("since " + since).isEqualTo(range(since + 1, 60));
                assertThat(reader.snapshot()).isEmpty();
                assertThat(reader.findings()).isEmpty();
            }
        }
        try (var reader = journal().readAfter(61);
                var writer = writer(journal(), 2)) {
            assertThat(reader.next()).isEmpty();
            writer.append(batch(61, 2, 2));
            assertThat(seqs(drain(reader))).containsExactly(62L);
        }
    }

    @Test
    void skipsRecordsOfALaterVersionLoudly() throws IOException {
        try (var writer = writer(journal(), 1)) {
            append(writer, 1);
        }
        var file = segments(dir()).getFirst();
        Files.write(file, frame((byte) 7, 2, 3, 1, "{\"what\":\"ever\"}\n"), StandardOpenOption.APPEND);
        Files.write(
                file, frame(Frames.VERSION, 5, 1, 1, EventJson.write(line(5, 1)) + "\n"), StandardOpenOption.APPEND);
        try (var reader = journal().read()) {
            assertThat(seqs(drain(reader))).containsExactly(1L, 5L);
            assertThat(reader.findings())
                    .singleElement()
                    .asString()
                    .contains("lines 2 to 4 have record version 7, this HAM knows 1; they are left out");
            assertThat(reader.findings()).isEmpty();
            try (var writer = journal().write(reader, 2)) {
                assertThat(writer.position().seq()).isEqualTo(5);
            }
        }
    }

    @Test
    void leavesOutRecordsWhoseLinesAreNotWhatTheyAnnounce() throws IOException {
        try (var writer = writer(journal(), 1)) {
            append(writer, 1);
        }
        var file = segments(dir()).getFirst();
        Files.write(file, frame(Frames.VERSION, 2, 1, 1, "not json\n"), StandardOpenOption.APPEND);
        Files.write(
                file, frame(Frames.VERSION, 3, 1, 1, EventJson.write(line(9, 1)) + "\n"), StandardOpenOption.APPEND);
        Files.write(
                file, frame(Frames.VERSION, 4, 1, 1, EventJson.write(line(4, 1)) + "\n"), StandardOpenOption.APPEND);
        try (var reader = journal().read()) {
            assertThat(seqs(drain(reader))).containsExactly(1L, 4L);
            assertThat(reader.findings()).hasSize(2).allMatch(f -> f.contains("cannot be read"));
        }
    }

    @Test
    void survivesInterruptsOfWriterAndReader() {
        try (var writer = writer(journal(), 1);
                var reader = journal().read()) {
            append(writer, 1);
            Thread.currentThread().interrupt();
            append(writer, 1);
            writer.snapshot("one");
            append(writer, 1);
            assertThat(seqs(drain(reader))).isEqualTo(range(1, 3));
            assertThat(Thread.interrupted()).isTrue();
            append(writer, 1);
            assertThat(seqs(drain(reader))).isEqualTo(range(4, 4));
            assertThat(writer.degraded()).isFalse();
        }
    }

    @Test
    void putsADeletedFileBack() throws IOException {
        try (var writer = writer(journal(), 1);
                var reader = journal().read()) {
            append(writer, 2);
            assertThat(seqs(drain(reader))).isEqualTo(range(1, 3));
            for (var path : files(dir())) {
                Files.delete(path);
            }
            Files.delete(dir());
            append(writer, 2);
            assertThat(writer.degraded()).isFalse();
            assertThat(writer.findings()).singleElement().asString().contains("deleted by somebody", "put back");
            assertThat(writer.snapshotDue()).isTrue();
            assertThat(seqs(journal())).isEqualTo(range(1, 6));
            var seen = new ArrayList<Batch>();
            for (var i = 0; i < 100; i++) {
                seen.addAll(drain(reader));
            }
            assertThat(seqs(seen)).isEqualTo(range(4, 6));
            append(writer, 1);
            assertThat(seqs(drain(reader))).isEqualTo(range(7, 7));
        }
    }

    @Test
    void setsAJournalOfAnotherBootAside() throws IOException {
        for (var boot = 1; boot <= 4; boot++) {
            var settings = JournalSettings.of(boot + "1111111-boot");
            var journal = Journal.at(dir(), settings);
            try (var reader = journal.read()) {
                assertThat(drain(reader)).isEmpty();
                assertThat(reader.position()).isEqualTo(Position.START);
                if (boot > 1) {
                    assertThat(reader.findings())
                            .singleElement()
                            .asString()
                            .contains("is of another boot of the machine (" + (boot - 1)
                                    + "1111111); it counts as empty");
                }
                assertThat(dir().resolve("boot-" + (boot - 1) + "1111111")).doesNotExist();
                try (var writer = journal.write(reader, 1)) {
                    append(writer, boot);
                    writer.snapshot("state " + boot);
                    append(writer, 1);
                }
                if (boot > 1) {
                    assertThat(reader.findings()).anyMatch(f -> f.contains("set aside to " + dir().resolve("boot-")));
                }
            }
            // Folders made within one tick of the clock must still be told apart.
            touch(boot);
            try (var reader = journal.read()) {
                assertThat(reader.snapshot()).map(Snapshot::state).contains("state " + boot);
                assertThat(drain(reader)).hasSize(1);
            }
        }
        assertThat(files(dir()).stream().map(p -> p.getFileName().toString()).filter(n -> n.startsWith("boot-")))
                .containsExactlyInAnyOrder("boot-21111111", "boot-31111111");
        try (var reader = Journal.at(dir().resolve("boot-31111111"), JournalSettings.of(""))
                .readAfter(0)) {
            assertThat(drain(reader)).hasSize(4);
        }
    }

    private void touch(int boot) throws IOException {
        var folder = dir().resolve("boot-" + (boot - 1) + "1111111");
        if (Files.exists(folder)) {
            Files.setLastModifiedTime(folder, java.nio.file.attribute.FileTime.fromMillis(1_000_000L * boot));
        }
    }

    @Test
    void leavesOutFilesThatAreNone() throws IOException {
        Files.createDirectories(dir());
        Files.writeString(dir().resolve(Segments.name(1)), "x".repeat(500));
        Files.writeString(dir().resolve(Segments.name(400)), "");
        Files.writeString(dir().resolve("snapshot"), "y".repeat(500));
        Files.writeString(dir().resolve("epoch"), "zz");
        Files.writeString(dir().resolve("README"), "hello");
        try (var reader = journal().read()) {
            assertThat(drain(reader)).isEmpty();
            assertThat(reader.findings())
                    .hasSize(3)
                    .anyMatch(f -> f.contains("snapshot cannot be read: it does not begin like a snapshot"))
                    .anyMatch(f -> f.contains("it does not begin like a file of the journal"))
                    .anyMatch(f -> f.contains("its header is cut off"));
            try (var writer = journal().write(reader, 1)) {
                append(writer, 2);
                assertThat(writer.snapshotDue()).isTrue();
                writer.snapshot("good");
                assertThat(writer.snapshotDue()).isFalse();
            }
            assertThat(reader.findings())
                    .filteredOn(f -> f.contains("renamed to"))
                    .hasSize(2);
        }
        try (var reader = journal().read()) {
            assertThat(reader.snapshot()).contains(new Snapshot(3, 1, "good"));
            assertThat(reader.findings()).isEmpty();
        }
    }

    @Test
    void saysWhatIsWrongWithTheFolder() throws IOException {
        Files.createDirectories(dir().getParent());
        Files.writeString(dir(), "a file");
        assertThatThrownBy(() -> journal().read())
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.FAILED))
                .hasMessageContaining(dir().toString());
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new JournalSettings("b", 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new JournalSettings("b", 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new JournalSettings("b", 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JournalSettings.of("x".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] frame(byte version, long firstSeq, int span, long epoch, String lines) {
        var payload = lines.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var frame = ByteBuffer.allocate(Frames.HEADER + payload.length);
        frame.putInt(21 + payload.length)
                .putInt(0)
                .put(version)
                .putLong(firstSeq)
                .putInt(span)
                .putLong(epoch)
                .put(payload);
        var crc = new java.util.zip.CRC32C();
        crc.update(frame.array(), 8, frame.capacity() - 8);
        return frame.putInt(4, (int) crc.getValue()).array();
    }

    private static byte[] tail(Path file, long from) throws IOException {
        var all = Files.readAllBytes(file);
        return java.util.Arrays.copyOfRange(all, (int) from, all.length);
    }

    static void cut(Path file, long size) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
