package org.ham.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Keeps the journal bounded: when a snapshot is due, and which segments nobody needs any more. Not thread-safe.
 *
 * <p>There are two snapshots, the newest and its predecessor, and always all segments that the predecessor needs; so at
 * every moment between two steps, and with any one file damaged, something complete can be read.
 */
final class Retention {
    private static final long NONE = -1;

    /** How many times as much as makes one due may wait for a snapshot that is put off. */
    private static final int OVERDUE = 2;

    private final Disk disk;
    private final Path dir;
    private final JournalSettings settings;

    private long newest = NONE;
    private long predecessor = NONE;
    private long bytes;
    private int segments;
    private long notBefore;

    /** A snapshot is needed that has everything up to this line; 0 where any will do, as the one there is damaged. */
    private long required = NONE;

    private boolean proven;

    Retention(Disk disk, Path dir, JournalSettings settings) {
        this.disk = disk;
        this.dir = dir;
        this.settings = settings;
    }

    /** Finds out what is there; of the snapshots by their heads, as a look at all of them would hold up a takeover. */
    void survey(long lastSeq) throws IOException {
        newest = seqOf(Segments.SNAPSHOT, lastSeq);
        predecessor = seqOf(Segments.PREDECESSOR, lastSeq);
        for (var first : Segments.list(disk, dir)) {
            if (first > Math.max(newest, 0)) {
                segments++;
                try (var file = disk.open(Segments.path(dir, first), false)) {
                    bytes += file.size();
                } catch (NoSuchFileException e) {
                    segments--;
                }
            }
        }
        // What cannot be read as a snapshot is no reason to keep everything for ever: make a good one soon.
        required = newest == NONE && disk.exists(dir.resolve(Segments.SNAPSHOT)) ? 0 : NONE;
    }

    private long seqOf(String name, long lastSeq) throws IOException {
        try {
            var there = SnapshotHead.read(disk, dir.resolve(name));
            return there.bootId().equals(settings.bootId()) && there.seq() <= lastSeq ? there.seq() : NONE;
        } catch (NoSuchFileException | BadFileException e) {
            return NONE;
        }
    }

    /** Looks once whether the snapshots that were found are whole, before anything is done that relies on it. */
    private void prove() {
        if (proven) {
            return;
        }
        proven = true;
        if (newest != NONE && !isWhole(Segments.SNAPSHOT)) {
            newest = NONE;
            require(0);
        }
        if (predecessor != NONE && !isWhole(Segments.PREDECESSOR)) {
            predecessor = NONE;
        }
    }

    private boolean isWhole(String name) {
        try {
            SnapshotHead.proven(disk, dir.resolve(name));
            return true;
        } catch (IOException | BadFileException e) {
            return false;
        }
    }

    /** A record was written. */
    void grown(int length) {
        bytes += length;
    }

    /** A segment was begun. */
    void rolled() {
        segments++;
    }

    /** A snapshot that has this line is needed however little was written: those who follow cannot do without. */
    void require(long seq) {
        required = Math.max(required, seq);
    }

    boolean isDue() {
        prove();
        return bytes >= notBefore && (required != NONE || isGrown(1));
    }

    boolean isOverdue() {
        return isGrown(OVERDUE) && isDue();
    }

    boolean isNeeded() {
        return required > 0 && bytes >= notBefore;
    }

    /** The line of the newest snapshot; less than the first one's when there is none. */
    long newest() {
        return newest;
    }

    private boolean isGrown(int times) {
        return bytes >= (long) times * settings.segmentBytes() || segments > times * (settings.keepSegments() + 1);
    }

    /** It did not work; not to be tried again at once, as making the state costs time. */
    void postpone() {
        notBefore = bytes + Math.max(1, settings.segmentBytes() / 4);
    }

    /** What did not work may work now, however little was written meanwhile. */
    void retry() {
        notBefore = 0;
        require(0);
    }

    /** Puts a snapshot in place; the one before becomes the predecessor. */
    void keep(SnapshotFile file) throws IOException {
        prove();
        var fresh = dir.resolve(Segments.SNAPSHOT_TMP);
        var name = dir.resolve(Segments.SNAPSHOT);
        try {
            file.write(disk, fresh);
        } catch (IOException e) {
            // Half of it would take room that the lines need more.
            disk.delete(fresh);
            throw e;
        }
        if (newest != NONE && newest < file.snapshot().seq() && disk.exists(name)) {
            disk.rename(name, dir.resolve(Segments.PREDECESSOR));
            predecessor = newest;
            newest = NONE;
        }
        disk.rename(fresh, name);
        newest = file.snapshot().seq();
        disk.sync(dir);
        bytes = 0;
        segments = 0;
        notBefore = 0;
        if (file.snapshot().seq() >= required) {
            required = NONE;
        }
    }

    /** Deletes the segments that neither snapshot needs, but for the newest few. */
    void tidy() throws IOException {
        if (predecessor == NONE) {
            return;
        }
        var all = Segments.list(disk, dir);
        for (var i = 0; i < all.size() - settings.keepSegments(); i++) {
            if (all.get(i + 1) > predecessor + 1) {
                return;
            }
            disk.delete(Segments.path(dir, all.get(i)));
        }
    }
}
