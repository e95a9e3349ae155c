package org.ham.journal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A journal in a folder. Immutable and thread-safe; opening it is what {@link #read} and {@link #write} do. */
public final class Journal {
    /** The type of the line that stands for lines the disk never took; its {@code data} has {@code from} and {@code to}. */
    public static final String LOST = "journal-lost";

    private final Path dir;
    private final JournalSettings settings;
    private final Disk disk;

    private Journal(Path dir, JournalSettings settings, Disk disk) {
        this.dir = requireNonNull(dir, "dir");
        this.settings = requireNonNull(settings, "settings");
        this.disk = disk;
    }

    /** The journal in a folder, which need not be there yet. */
    public static Journal at(Path dir, JournalSettings settings) {
        return new Journal(dir, settings, new LocalDisk());
    }

    /** The same over another kind of disk. */
    static Journal at(Path dir, JournalSettings settings, Disk disk) {
        return new Journal(dir, settings, disk);
    }

    /**
     * Reads from the newest snapshot on, or from the first line. Changes nothing in the folder: a journal of another
     * boot counts as empty and is set aside by {@link #write}.
     *
     * @throws org.ham.api.HamException {@code DENIED} or {@code FAILED} when the folder cannot be read
     */
    public JournalReader read() {
        return FollowingReader.fromSnapshot(disk, dir, settings.bootId());
    }

    /**
     * Reads from after a line on, without a snapshot; from the oldest line kept when that is later.
     *
     * @throws org.ham.api.HamException {@code DENIED} or {@code FAILED} when the folder cannot be read
     */
    public JournalReader readAfter(long seq) {
        if (seq < 0) {
            throw new IllegalArgumentException("line " + seq + ": lines are numbered from 1, 0 is before the first");
        }
        return FollowingReader.after(disk, dir, settings.bootId(), seq);
    }

    /**
     * Becomes the writer, which shuts out every writer before. What was found wrong and done about it (a torn tail cut
     * off, a journal of another boot set aside) is told in the findings of the reader.
     *
     * @param caughtUp a reader from {@link #read} that has returned all there is; stays the caller's
     * @param epoch one more than the reader's at a takeover
     * @throws StaleEpochException when the journal knows a higher epoch
     * @throws IllegalStateException when the reader is not at the end: read on, then call again
     * @throws org.ham.api.HamException {@code DENIED} or {@code FAILED} when the folder cannot be used; a full disk is
     *     no such case, the writer then begins degraded
     */
    public JournalWriter write(JournalReader caughtUp, long epoch) {
        if (!(caughtUp instanceof FollowingReader reader) || !reader.dir().equals(dir) || !reader.hasStates()) {
            throw new IllegalArgumentException("the journal in " + dir + " is written after its own read() only");
        }
        if (settings.bootId().isEmpty()) {
            throw new IllegalArgumentException("a journal is written with the boot id of the machine");
        }
        try {
            return write(reader, epoch);
        } catch (IOException e) {
            throw FollowingReader.refused("write", dir, e);
        }
    }

    private JournalWriter write(FollowingReader reader, long epoch) throws IOException {
        var page = claimable();
        var highest = Math.max(reader.position().epoch(), page == null ? 0 : page.epoch(settings.bootId()));
        if (epoch < highest || epoch < 1) {
            throw new StaleEpochException(
                    "epoch " + epoch + " cannot write to the journal in " + dir + ", it has seen epoch " + highest);
        }
        new Aside(disk, dir, settings.bootId()).move(reader::found);
        var mark = page == null ? 0 : page.claim(settings.bootId(), epoch);
        if (!reader.isAtEnd()) {
            throw new IllegalStateException(
                    "the reader is not at the end of the journal in " + dir + "; read on first");
        }
        cutTail(reader);
        var writer = new AppendingWriter(disk, dir, settings, reader.position().seq(), epoch);
        writer.begin(page, mark);
        return writer;
    }

    /** The shared page; none when the disk has no room for one now. */
    private @Nullable EpochPage claimable() throws IOException {
        try {
            disk.createDirectories(dir);
            return EpochPage.openOrCreate(disk, dir, settings.bootId());
        } catch (AccessDeniedException | NotDirectoryException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
    }

    private void cutTail(FollowingReader reader) {
        if (reader.segment() == 0) {
            return;
        }
        var path = Segments.path(dir, reader.segment());
        try (var file = disk.open(path, true)) {
            var torn = file.size() - reader.offset();
            if (torn > 0) {
                reader.found(path + ": the last " + torn + " bytes, from offset " + reader.offset()
                        + " on, are no whole record (its writer died while writing, or the file is damaged); cut off");
                file.truncate(reader.offset());
            }
        } catch (NoSuchFileException e) {
            reader.found(path + " was deleted by somebody");
        } catch (IOException e) {
            // Nobody reads beyond the first line of the next segment, so it does no harm there.
            reader.found(path + ": the torn end cannot be cut off: " + Disk.why(e));
        }
    }

    /** A boot id as it is shown. */
    static String brief(String bootId) {
        return bootId.length() <= 8 ? bootId : bootId.substring(0, 8);
    }
}
