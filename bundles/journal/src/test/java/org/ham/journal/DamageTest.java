package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.journal.Lines.SETTINGS;
import static org.ham.journal.Lines.append;
import static org.ham.journal.Lines.drain;
import static org.ham.journal.Lines.events;
import static org.ham.journal.Lines.line;
import static org.ham.journal.Lines.range;
import static org.ham.journal.Lines.seqs;
import static org.ham.journal.Lines.small;
import static org.ham.journal.Lines.tiny;
import static org.ham.journal.Lines.writer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.ham.api.Event;
import org.junit.jupiter.api.Test;

/** A journal cut off at every byte, and with bytes changed. */
class DamageTest {
    private static final int FRAMES = 50;

    private final MemoryDisk disk = new MemoryDisk();
    private final Path dir = Path.of("journal");

    private List<Path> files() throws IOException {
        return Segments.list(disk, dir).stream()
                .map(first -> Segments.path(dir, first))
                .toList();
    }

    @Test
    void keepsExactlyTheWholeRecordsBeforeACutAtAnyByte() throws IOException {
        var journal = Journal.at(dir, SETTINGS, disk);
        try (var writer = writer(journal, 1)) {
            for (var i = 0; i < FRAMES; i++) {
                var next = writer.position().seq() + 1;
                writer.append(new Batch(i % 5 == 0 ? List.of(tiny(next), tiny(next + 1)) : List.of(tiny(next))));
            }
        }
        var file = files().getFirst();
        var bytes = disk.get(file);
        var ends = new ArrayList<Long>(List.of((long) SegmentHeader.BYTES));
        for (var at = SegmentHeader.BYTES; at < bytes.length; ) {
            at += Frames.PREFIX + ByteBuffer.wrap(bytes).getInt(at);
            ends.add((long) at);
        }
        assertThat(ends).hasSize(FRAMES + 1);
        for (var cut = 0; cut < bytes.length; cut++) {
            disk.put(file, Arrays.copyOf(bytes, cut));
            var length = cut;
            var whole = (int) ends.stream().skip(1).filter(end -> end <= length).count();
            var lines = LongStream.range(0, whole).map(i -> i % 5 == 0 ? 2 : 1).sum();
            try (var reader = journal.read()) {
                assertThat(seqs(drain(reader))).as("cut at " + cut).isEqualTo(range(1, lines));
                var epoch = reader.position().epoch() + 1;
                try (var writer = journal.write(reader, Math.max(2, epoch))) {
                    assertThat(writer.position().seq()).isEqualTo(lines);
                    append(writer, 2);
                }
                if (cut < SegmentHeader.BYTES) {
                    assertThat(reader.findings()).as("cut at " + cut).anyMatch(f -> f.contains("header is cut off"));
                } else if (ends.contains((long) cut)) {
                    assertThat(reader.findings()).as("cut at " + cut).isEmpty();
                } else {
                    var end = ends.get(whole);
                    assertThat(reader.findings())
                            .as("cut at " + cut)
                            .containsExactly(
                                    file + ": the last "
                                            + (length - end) + " bytes, from offset " + end
                                            + " on, are no whole record (its writer died while writing, or the file is damaged); cut off");
                    // Without any whole record the new file takes the place of the old one.
                    assertThat(whole == 0 ? end : Long.valueOf(disk.get(file).length))
                            .isEqualTo(end);
                }
            }
            assertThat(seqs(journal)).as("cut at " + cut).isEqualTo(range(1, lines + 3));
            disk.clear();
        }
    }

    @Test
    void neverReturnsAWrongLineWhicheverBytesAreChanged() throws IOException {
        var seed = new Random().nextLong();
        System.out.println("DamageTest seed " + seed);
        var random = new Random(seed);
        var journal = Journal.at(dir, small(3000), disk);
        try (var writer = writer(journal, 1)) {
            append(writer, FRAMES);
        }
        var files = files();
        var last = seqs(journal).getLast();
        var good = new HashSet<Event>();
        for (var seq = 1L; seq <= last; seq++) {
            good.add(line(seq, 1));
        }
        for (var round = 0; round < 800; round++) {
            var file = files.get(random.nextInt(files.size()));
            var bytes = disk.get(file);
            var damaged = bytes.clone();
            for (var i = random.nextInt(3); i >= 0; i--) {
                var at = random.nextInt(bytes.length);
                damaged[at] = random.nextBoolean()
                        ? (byte) (damaged[at] ^ (1 << random.nextInt(8)))
                        : (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                // A hole in the middle: what a lost page looks like.
                var from = random.nextInt(bytes.length);
                Arrays.fill(damaged, from, from + random.nextInt(bytes.length - from), (byte) 0);
            }
            disk.put(file, damaged);
            try (var reader = journal.read()) {
                var events = events(drain(reader));
                assertThat(good).as("seed " + seed + " round " + round).containsAll(events);
                assertThat(events.stream().map(Event::seq)).isSorted().doesNotHaveDuplicates();
                if (!Arrays.equals(bytes, damaged)
                        && events.size() < last
                        && reader.position().seq() == last) {
                    assertThat(reader.findings())
                            .as("seed " + seed + " round " + round)
                            .isNotEmpty();
                }
            }
            disk.put(file, bytes);
        }
        assertThat(seqs(journal)).isEqualTo(range(1, last));
    }

    @Test
    void stepsOverADamagedPlaceAndSaysWhichLinesAreMissing() throws IOException {
        var journal = Journal.at(dir, SETTINGS, disk);
        try (var writer = writer(journal, 1)) {
            append(writer, 6);
        }
        var file = files().getFirst();
        var bytes = disk.get(file);
        var first = Frames.PREFIX + ByteBuffer.wrap(bytes).getInt(SegmentHeader.BYTES);
        bytes[SegmentHeader.BYTES + first] = 0x7f;
        disk.put(file, bytes);
        try (var reader = journal.read()) {
            var seqs = new ArrayList<>(range(1, 12));
            seqs.removeAll(List.of(2L, 3L));
            assertThat(seqs(drain(reader))).isEqualTo(seqs);
            assertThat(reader.findings())
                    .hasSize(2)
                    .anyMatch(f -> f.contains("bytes from offset " + (SegmentHeader.BYTES + first) + " on are damaged"))
                    .anyMatch(f -> f.contains("lines 2 to 3 are missing"));
            try (var writer = journal.write(reader, 2)) {
                append(writer, 1);
                assertThat(writer.position().seq()).isEqualTo(13);
                // Whoever folds lines is sent to the first snapshot that has what came of the missing ones.
                writer.snapshot("all");
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> drain(reader))
                        .isInstanceOf(JournalGapException.class);
            }
        }
    }

    @Test
    void waitsForTheRestOfARecordAndReadsIt() throws IOException {
        var journal = Journal.at(dir, SETTINGS, disk);
        try (var writer = writer(journal, 1)) {
            append(writer, 4);
        }
        var file = files().getFirst();
        var bytes = disk.get(file);
        for (var cut : List.of(SegmentHeader.BYTES + 1, SegmentHeader.BYTES + 20, bytes.length - 1)) {
            disk.put(file, Arrays.copyOf(bytes, cut));
            try (var reader = journal.read()) {
                var seen = new ArrayList<>(drain(reader));
                for (var i = 0; i < 200; i++) {
                    assertThat(reader.next()).isEmpty();
                }
                assertThat(reader.findings()).isEmpty();
                disk.put(file, bytes);
                seen.addAll(drain(reader));
                assertThat(seqs(seen)).isEqualTo(range(1, 7));
                assertThat(reader.findings()).isEmpty();
            }
        }
    }
}
