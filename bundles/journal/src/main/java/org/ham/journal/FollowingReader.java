package org.ham.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from segment to segment. Confined to one thread at a time.
 *
 * <p>It reads a segment to its end and then looks for news with one read at that end. The shared page tells when files
 * have come or gone, so that it need not ask the folder; it asks nevertheless now and then, as the page may have been
 * deleted by somebody. A segment is over when a later one is there; only what lies before the later one's first line
 * counts, because a writer that was shut out may have finished its last write too late.
 */
final class FollowingReader implements JournalReader {
    private static final int LOOK_EVERY = 64;
    private static final long NONE = Long.MAX_VALUE;

    private final Disk disk;
    private final Path dir;
    private final String bootId;
    private final boolean states;
    private final Findings findings = new Findings();
    private final Frames frames = new Frames();

    private Optional<Snapshot> snapshot = Optional.empty();
    private Optional<Batch> pending = Optional.empty();
    private Position position = Position.START;
    private long skipTo;
    private @Nullable EpochPage page;
    private long generation;
    private int quiet;
    private Disk.@Nullable File file;
    private long fileFirst;
    private long offset;
    private long nextFirst = NONE;
    private long searchedAt = -1;
    private long searchedSize = -1;
    private boolean foreignTold;
    private String trouble = "";

    /** The last line that should be known and is not; 0 when none is missing. */
    private long missing;

    private FollowingReader(Disk disk, Path dir, String bootId, boolean states) {
        this.disk = disk;
        this.dir = dir;
        this.bootId = bootId;
        this.states = states;
    }

    /** Begins at the newest snapshot. */
    static FollowingReader fromSnapshot(Disk disk, Path dir, String bootId) {
        var attempt = 0;
        while (true) {
            var reader = new FollowingReader(disk, dir, bootId, true);
            try {
                reader.snapshot = reader.newestSnapshot();
                reader.snapshot.ifPresent(s -> {
                    reader.skipTo = s.seq();
                    reader.position = new Position(s.seq(), s.epoch());
                });
                reader.look();
                // The writer may have made two snapshots since ours was read, and deleted what follows ours.
                if (reader.position.seq() == reader.skipTo
                        || !reader.isCovered(reader.position.seq())
                        || ++attempt == LOOK_EVERY) {
                    return reader;
                }
                reader.close();
            } catch (IOException e) {
                reader.close();
                throw refused("read", dir, e);
            }
        }
    }

    /** Begins after a line. */
    static FollowingReader after(Disk disk, Path dir, String bootId, long seq) {
        var reader = new FollowingReader(disk, dir, bootId, false);
        try {
            reader.skipTo = seq;
            reader.look();
            return reader;
        } catch (IOException e) {
            reader.close();
            throw refused("read", dir, e);
        }
    }

    static HamException refused(String what, Path dir, IOException e) {
        return e instanceof AccessDeniedException
                ? new HamException(
                        HamException.Code.DENIED,
                        "may not " + what + " the journal in " + dir + ": permission denied on " + e.getMessage()
                                + "; run as the user who owns it, or choose another run-dir",
                        e)
                : new HamException(
                        HamException.Code.FAILED,
                        "cannot " + what + " the journal in " + dir + ": " + Disk.why(e)
                                + "; make the folder usable, move it away, or choose another run-dir",
                        e);
    }

    @Override
    public Optional<Snapshot> snapshot() {
        return snapshot;
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public List<String> findings() {
        return findings.drain();
    }

    @Override
    public Optional<Batch> next() {
        if (pending.isPresent()) {
            var batch = pending;
            pending = Optional.empty();
            return batch;
        }
        try {
            var batch = advance();
            trouble = "";
            return batch;
        } catch (IOException e) {
            // Told once, not at each call: whoever follows the journal calls again and again.
            var now = "cannot read the journal in " + dir + ": " + Disk.why(e);
            if (!now.equals(trouble)) {
                findings.add(now);
                trouble = now;
            }
            return Optional.empty();
        }
    }

    private Optional<Batch> advance() throws IOException {
        if (isStirred()) {
            look();
        } else if (file == null && ++quiet >= LOOK_EVERY) {
            lookUntold();
        }
        var looked = false;
        var again = false;
        while (file != null) {
            var found = frames.at(file, offset);
            if (found == Frames.Found.WHOLE) {
                offset += frames.size();
                var batch = accept();
                if (batch.isPresent()) {
                    return batch;
                }
                again = false;
            } else if (nextFirst == NONE) {
                if (!looked && isStirred()) {
                    look();
                    looked = true;
                } else if (!looked && ++quiet >= LOOK_EVERY) {
                    lookUntold();
                    looked = true;
                } else if (found == Frames.Found.END || !isPassable(file)) {
                    return Optional.empty();
                }
            } else if (!again) {
                // The next segment is there, so this one is complete; but it may have grown since it was read.
                frames.forget();
                again = true;
            } else if (found == Frames.Found.END || !isPassable(file)) {
                leave(file);
                again = false;
            }
        }
        return Optional.empty();
    }

    private boolean isStirred() {
        return page == null || page.generation() != generation;
    }

    /** Looks at the folder: which segment is next, and whether ours is still the file of that name. */
    private void look() throws IOException {
        quiet = 0;
        var known = page;
        if (known == null) {
            known = EpochPage.open(disk, dir, false).orElse(null);
            page = known;
        }
        if (known != null) {
            generation = known.generation();
        }
        var all = Segments.list(disk, dir);
        if (missing > 0 && isCovered(missing)) {
            throw new JournalGapException("lines up to " + missing
                    + " were missing; the newest snapshot has what came of them, start anew from it");
        }
        if (file == null) {
            begin(all);
        } else {
            renew(all);
            nextFirst = following(all, fileFirst);
            if (nextFirst <= position.seq()) {
                throw new JournalGapException(Findings.lines(nextFirst, position.seq())
                        + " were written by a HAM that was replaced at that moment, and do not count; start anew");
            }
        }
    }

    /** Looks although the page does not ask for it. If there is something, it is not the writer's page any more. */
    private void lookUntold() throws IOException {
        var empty = file == null;
        look();
        if (nextFirst != NONE || (empty && file != null)) {
            page = EpochPage.open(disk, dir, false).orElse(null);
            generation = -1;
        }
    }

    private void begin(List<Long> all) throws IOException {
        for (var first : all.reversed()) {
            if (first <= skipTo + 1 && enter(first)) {
                nextFirst = following(all, first);
                return;
            }
        }
        for (var first : all) {
            if (first > skipTo + 1 && enter(first)) {
                nextFirst = following(all, first);
                return;
            }
        }
    }

    private void renew(List<Long> all) throws IOException {
        if (!all.contains(fileFirst)) {
            return;
        }
        var fresh = open(fileFirst);
        if (fresh == null) {
            return;
        }
        if (fresh.file.size() < offset) {
            fresh.file.close();
            throw new JournalGapException(
                    Segments.path(dir, fileFirst) + " is shorter than it was; start anew from the newest snapshot");
        }
        if (file != null) {
            file.close();
        }
        file = fresh.file;
        know(position.seq(), fresh.header.epoch());
        frames.forget();
    }

    private long following(List<Long> all, long first) throws IOException {
        for (var candidate : all) {
            if (candidate > first) {
                var opened = open(candidate);
                if (opened != null) {
                    opened.file.close();
                    return candidate;
                }
            }
        }
        return NONE;
    }

    private record Opened(Disk.File file, SegmentHeader header) {}

    /** Opens a segment; null when it is gone, of another boot, or no segment. */
    private @Nullable Opened open(long first) throws IOException {
        var path = Segments.path(dir, first);
        Disk.File opened;
        try {
            opened = disk.open(path, false);
        } catch (NoSuchFileException e) {
            return null;
        }
        var keep = false;
        try {
            var header = SegmentHeader.read(opened);
            if (isForeign(header.bootId())) {
                return null;
            }
            if (header.firstSeq() != first) {
                throw new BadFileException("it begins with line " + header.firstSeq() + ", its name says otherwise");
            }
            keep = true;
            return new Opened(opened, header);
        } catch (BadFileException e) {
            findings.add(path + " cannot be read: " + e.getMessage() + "; it is left out");
            return null;
        } finally {
            if (!keep) {
                opened.close();
            }
        }
    }

    private boolean isForeign(String other) {
        if (bootId.isEmpty() || bootId.equals(other)) {
            return false;
        }
        if (!foreignTold) {
            foreignTold = true;
            findings.add("the journal in " + dir + " is of another boot of the machine (" + Journal.brief(other)
                    + "); it counts as empty");
        }
        return true;
    }

    private boolean enter(long first) throws IOException {
        var opened = open(first);
        if (opened == null) {
            return false;
        }
        if (file != null) {
            file.close();
        }
        file = opened.file;
        var begins = position.seq() == 0 || position.seq() <= skipTo;
        if (!states && begins && first <= skipTo + 1) {
            know(first - 1, 0);
        }
        var known = Math.max(position.seq(), begins ? skipTo : 0);
        if (first > known + 1) {
            findings.add(
                    states || !begins
                            ? Findings.lines(known + 1, first - 1) + " are missing before " + Segments.path(dir, first)
                            : Findings.lines(known + 1, first - 1) + " are no longer kept");
            know(first - 1, 0);
            miss(first - 1);
        }
        know(position.seq(), opened.header.epoch());
        fileFirst = first;
        offset = SegmentHeader.BYTES;
        frames.forget();
        return true;
    }

    private void know(long seq, long epoch) {
        position = new Position(Math.max(seq, position.seq()), Math.max(epoch, position.epoch()));
    }

    /** A state that is folded from here on is not right, until a snapshot beyond the missing line is there. */
    private void miss(long seq) {
        if (states) {
            missing = seq;
        }
    }

    /** Goes on to the next segment. */
    private void leave(Disk.File current) throws IOException {
        var rest = current.size() - offset;
        if (rest > 0) {
            findings.add(Segments.path(dir, fileFirst) + ": the last " + rest + " bytes, from offset " + offset
                    + " on, are no whole record; they are left out");
        }
        if (nextFirst > position.seq() + 1 && isCovered(nextFirst - 1)) {
            throw new JournalGapException(Findings.lines(position.seq() + 1, nextFirst - 1)
                    + " are deleted, the newest snapshot is beyond them; start anew from it");
        }
        if (enter(nextFirst)) {
            nextFirst = NONE;
        }
        look();
    }

    /** Whether a snapshot has everything up to a line. */
    private boolean isCovered(long seq) throws IOException {
        try {
            var newest = SnapshotHead.proven(disk, dir.resolve(Segments.SNAPSHOT));
            return (bootId.isEmpty() || newest.bootId().equals(bootId)) && newest.seq() >= seq;
        } catch (NoSuchFileException | BadFileException e) {
            return false;
        }
    }

    private Optional<Snapshot> newestSnapshot() throws IOException {
        for (var name : List.of(Segments.SNAPSHOT, Segments.PREDECESSOR)) {
            var path = dir.resolve(name);
            try {
                var there = SnapshotFile.read(disk, path);
                if (!isForeign(there.bootId())) {
                    return Optional.of(there.snapshot());
                }
            } catch (NoSuchFileException e) {
                // None yet, or its writer is between two renames.
            } catch (BadFileException e) {
                findings.add(path + " cannot be read: " + e.getMessage() + "; "
                        + (name.equals(Segments.SNAPSHOT)
                                ? "going back to the one before"
                                : "starting with the oldest lines that are kept"));
            }
        }
        return Optional.empty();
    }

    /** Whether something whole follows a damaged place for certain; steps over the place then. */
    private boolean isPassable(Disk.File current) throws IOException {
        var size = current.size();
        if (offset == searchedAt && size == searchedSize) {
            return false;
        }
        var whole = frames.search(current, offset, Math.max(position.seq(), fileFirst - 1), 0);
        frames.forget();
        if (whole < 0) {
            searchedAt = offset;
            searchedSize = size;
            return false;
        }
        // What was half written a moment ago is whole now; what is damaged stays so.
        if (frames.at(current, offset) != Frames.Found.WHOLE) {
            findings.add(Segments.path(dir, fileFirst) + ": " + (whole - offset) + " bytes from offset " + offset
                    + " on are damaged; they are left out");
            offset = whole;
        }
        frames.forget();
        return true;
    }

    /** Takes in the frame that was just read, or leaves it out and says so. */
    private Optional<Batch> accept() {
        var first = frames.firstSeq();
        var last = frames.lastSeq();
        var epoch = frames.epoch();
        if (last <= skipTo) {
            know(last, epoch);
            return Optional.empty();
        }
        var where = Segments.path(dir, fileFirst) + ": " + Findings.lines(first, last);
        if (nextFirst <= last || epoch < position.epoch()) {
            findings.add(where + " of epoch " + epoch + " were written after a HAM of a higher epoch had taken over;"
                    + " they are left out");
            return Optional.empty();
        }
        if (first <= position.seq() && first > skipTo) {
            findings.add(where + " come again after line " + position.seq() + "; they are left out");
            return Optional.empty();
        }
        var known = Math.max(position.seq(), skipTo);
        if (first > known + 1) {
            findings.add(Findings.lines(known + 1, first - 1) + " are missing in " + Segments.path(dir, fileFirst));
            miss(first - 1);
        }
        know(last, epoch);
        if (frames.version() != Frames.VERSION) {
            findings.add(where + " have record version " + frames.version() + ", this HAM knows " + Frames.VERSION
                    + "; they are left out");
            miss(last);
            return Optional.empty();
        }
        try {
            var batch = new Batch(beyond(frames.events()));
            if (batch.events().getFirst().type().equals(Journal.LOST)) {
                miss(last);
            }
            return Optional.of(batch);
        } catch (HamException | BadFileException e) {
            findings.add(where + " cannot be read: " + e.getMessage() + "; they are left out");
            miss(last);
            return Optional.empty();
        }
    }

    private List<Event> beyond(List<Event> events) {
        return events.getFirst().seq() > skipTo
                ? events
                : events.stream().filter(event -> event.seq() > skipTo).toList();
    }

    /** Whether there is nothing more to read, for certain. */
    boolean isAtEnd() throws IOException {
        if (pending.isEmpty()) {
            look();
            frames.forget();
            pending = advance();
        }
        return pending.isEmpty();
    }

    /** Whether this reads states and lines, not only lines. */
    boolean hasStates() {
        return states;
    }

    /** The first line of the segment that is read; 0 when there is none. */
    long segment() {
        return file == null ? 0 : fileFirst;
    }

    /** Where in the segment whatever is whole ends. */
    long offset() {
        return offset;
    }

    Path dir() {
        return dir;
    }

    /** Adds what the writer found while it opened the journal. */
    void found(String sentence) {
        findings.add(sentence);
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
