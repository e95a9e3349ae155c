package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the newest segment. Confined to one thread at a time.
 *
 * <p>{@code offset} is where the last whole record ends; whatever a failed write left beyond it is cut off, or written
 * over by the next. A writer begins a segment of its own: a writer before it that is still about to finish a write does
 * so in another file, beyond the line where that file counts no more.
 */
final class AppendingWriter implements JournalWriter {
    private final Disk disk;
    private final Path dir;
    private final JournalSettings settings;
    private final long epoch;
    private final long begunAfter;
    private final FrameEncoder encoder = new FrameEncoder();
    private final Findings findings = new Findings();
    private final Backlog backlog;
    private final Retention retention;
    private final Reserve reserve;

    private ByteBuffer direct = ByteBuffer.allocateDirect(16 << 10);
    private @Nullable EpochPage page;
    private long owner;
    private Disk.@Nullable File file;
    private Path path;
    private long fileFirst;
    private long offset;
    private long lastSeq;
    private boolean reserveUsed;
    private String writeTrouble = "";
    private String snapshotTrouble = "";

    /** A writer that goes on after a line; {@link #begin} makes it ready. */
    AppendingWriter(Disk disk, Path dir, JournalSettings settings, long lastSeq, long epoch) {
        this.disk = disk;
        this.dir = dir;
        this.settings = settings;
        this.epoch = epoch;
        this.begunAfter = lastSeq;
        this.lastSeq = lastSeq;
        this.path = Segments.path(dir, lastSeq + 1);
        this.backlog = new Backlog(settings.backlogBatches());
        this.retention = new Retention(disk, dir, settings);
        this.reserve = new Reserve(disk, dir, settings.segmentBytes());
    }

    /** Takes the page and begins a segment; a disk that refuses makes a degraded writer. */
    void begin(@Nullable EpochPage claimed, long mark) throws AccessDeniedException {
        page = claimed;
        owner = mark;
        try {
            retention.survey(lastSeq);
            roll(lastSeq + 1);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public Position position() {
        return new Position(lastSeq, epoch);
    }

    @Override
    public void append(Batch batch) {
        requireOwner();
        if (batch.firstSeq() != lastSeq + 1 || batch.epoch() != epoch) {
            throw new IllegalArgumentException("line " + batch.firstSeq() + " of epoch " + batch.epoch()
                    + " cannot follow line " + lastSeq + " in a journal written in epoch " + epoch);
        }
        encoder.encode(batch.firstSeq(), batch.events());
        lastSeq = batch.lastSeq();
        if (!backlog.isEmpty() || !(store(batch.firstSeq()) || retried(batch.firstSeq()))) {
            backlog.add(batch);
        }
    }

    /** Writes the frame again in the room that the reserve held. */
    private boolean retried(long firstSeq) {
        if (!reserve.release()) {
            return false;
        }
        reserveUsed = true;
        return store(firstSeq);
    }

    @Override
    public boolean reserve() {
        try {
            if (!reserve.isThere()) {
                reserve.make();
            }
            reserveUsed = false;
            if (!snapshotTrouble.isEmpty()) {
                retention.retry();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the frame that was just encoded; whether the disk took it. */
    private boolean store(long firstSeq) {
        var length = encoder.length();
        try {
            var target = target(firstSeq);
            if (direct.capacity() < length) {
                direct = ByteBuffer.allocateDirect(length + (length >> 1));
            }
            target.writeFully(direct.clear().put(encoder.array(), 0, length).flip(), offset);
            offset += length;
            retention.grown(length);
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /** The segment to write the next line to. */
    private Disk.File target(long firstSeq) throws IOException {
        var current = file;
        if (current != null && !disk.exists(path)) {
            current = replaceDeleted(current, firstSeq);
        }
        if (current == null || (offset >= settings.segmentBytes() && firstSeq > fileFirst)) {
            current = roll(firstSeq);
        }
        return current;
    }

    private void failed(IOException e) {
        writeTrouble = Disk.why(e);
        if (file != null) {
            try {
                file.truncate(offset);
            } catch (IOException again) {
                // Readers stop at what is not whole, and the next write goes to the same place.
            }
        }
    }

    /** Begins a segment. Its name appears only when its header is whole. */
    private Disk.File roll(long firstSeq) throws IOException {
        disk.createDirectories(dir);
        var shared = page;
        if (shared == null) {
            // There was no room for it until now. Whoever made it while this one wrote leads, though he may have no
            // more behind him.
            shared = takePage(lastSeq > begunAfter ? epoch : Long.MAX_VALUE);
        }
        var fresh = dir.resolve(Segments.SEGMENT_TMP);
        try (var header = disk.create(fresh)) {
            header.writeFully(new SegmentHeader(firstSeq, epoch, settings.bootId()).encode(), 0);
        }
        var name = Segments.path(dir, firstSeq);
        disk.rename(fresh, name);
        var opened = disk.open(name, true);
        if (file != null) {
            file.close();
        }
        file = opened;
        path = name;
        fileFirst = firstSeq;
        offset = SegmentHeader.BYTES;
        retention.rolled();
        shared.changed();
        return opened;
    }

    /** Takes the page that is there, or a new one, unless a writer of this epoch or a higher one has taken it. */
    private EpochPage takePage(long tooHigh) throws IOException {
        var shared = EpochPage.openOrCreate(disk, dir, settings.bootId());
        if (shared.epoch(settings.bootId()) >= tooHigh) {
            throw stale(shared);
        }
        owner = shared.claim(settings.bootId(), epoch);
        page = shared;
        return shared;
    }

    /** Somebody deleted our file: puts its content back, which is there as long as we hold it open. */
    private Disk.File replaceDeleted(Disk.File current, long firstSeq) throws IOException {
        disk.createDirectories(dir);
        var shared = takePage(epoch + 1);
        var fresh = dir.resolve(Segments.SEGMENT_TMP);
        var buffer = ByteBuffer.allocate((int) Math.min(offset, 64 << 10));
        var whole = true;
        try (var copy = disk.create(fresh)) {
            for (var at = 0L; at < offset; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), offset - at));
                current.readFully(buffer, at);
                whole &= !buffer.hasRemaining();
                copy.writeFully(buffer.flip(), at);
            }
        } catch (NoSuchFileException e) {
            whole = false;
        }
        retention.require(lastSeq);
        if (!whole) {
            findings.add(path + " was deleted by somebody, its lines are lost; a new file is begun");
            current.close();
            file = null;
            return roll(firstSeq);
        }
        disk.rename(fresh, path);
        var opened = disk.open(path, true);
        current.close();
        file = opened;
        shared.changed();
        findings.add(path + " was deleted by somebody; its lines were put back");
        return opened;
    }

    @Override
    public boolean degraded() {
        return !backlog.isEmpty();
    }

    @Override
    public Optional<String> trouble() {
        if (degraded()) {
            return Optional.of("cannot write to " + path + ": " + writeTrouble + "; " + backlog.describe()
                    + "; make room or repair the disk, HAM goes on meanwhile");
        }
        if (reserveUsed) {
            return Optional.of("the disk of " + dir + " is full: " + writeTrouble
                    + "; lines go to the room that was held in reserve, make room before it is used up");
        }
        return snapshotTrouble.isEmpty() ? Optional.empty() : Optional.of(snapshotTrouble);
    }

    @Override
    public boolean flush() {
        requireOwner();
        if (backlog.isEmpty()) {
            return true;
        }
        var waited = backlog.lines();
        var lost = backlog.lost();
        if (lost.isPresent()) {
            var gap = lost.get();
            encoder.encode(gap.from(), List.of(gap.event()));
            if (!store(gap.from())) {
                return false;
            }
            backlog.lostIsTold();
            retention.require(lastSeq);
            findings.add(Findings.lines(gap.from(), gap.to()) + " were lost, the disk took none for too long");
        }
        for (var batch = backlog.oldest(); batch != null; batch = backlog.oldest()) {
            encoder.encode(batch.firstSeq(), batch.events());
            if (!store(batch.firstSeq())) {
                return false;
            }
            backlog.remove();
        }
        findings.add("the journal is written again: " + waited + (waited == 1 ? " line" : " lines")
                + " had waited in memory");
        return true;
    }

    @Override
    public boolean snapshotDue() {
        return retention.isDue();
    }

    @Override
    public boolean snapshotOverdue() {
        return retention.isOverdue();
    }

    @Override
    public boolean snapshotNeeded() {
        return retention.isNeeded();
    }

    @Override
    public void snapshot(long seq, String state) {
        var least = Math.max(begunAfter, retention.newest());
        if (seq < least || seq > lastSeq) {
            throw new IllegalArgumentException(
                    "no snapshot of line " + seq + ": it is to be of one from " + least + " to " + lastSeq);
        }
        if (!flush()) {
            return;
        }
        try {
            disk.createDirectories(dir);
            retention.keep(new SnapshotFile(settings.bootId(), new Snapshot(seq, epoch, state)));
            if (lastSeq >= fileFirst || file == null) {
                roll(lastSeq + 1);
            }
            retention.tidy();
            snapshotTrouble = "";
        } catch (IOException e) {
            retention.postpone();
            snapshotTrouble = "cannot write a snapshot to " + dir + ": " + Disk.why(e)
                    + "; the journal grows until that works, make room or repair the disk";
        }
        if (page != null) {
            page.changed();
        }
    }

    private void requireOwner() {
        var current = page;
        if (current != null && current.owner() != owner) {
            throw stale(current);
        }
    }

    private StaleEpochException stale(EpochPage current) {
        return new StaleEpochException("this HAM, epoch " + epoch + ", was replaced by one of epoch "
                + current.epoch(settings.bootId()) + " and may not write to the journal in " + dir);
    }

    @Override
    public List<String> findings() {
        return findings.drain();
    }

    @Override
    public void close() {
        if (file != null && !backlog.isEmpty() && (page == null || page.owner() == owner)) {
            flush();
        }
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
