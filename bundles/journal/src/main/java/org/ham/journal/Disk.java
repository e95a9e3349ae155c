package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the journal does to files. The seam at which tests make a disk full, cut power between two steps, or interrupt.
 */
interface Disk {
    /** An open file. */
    interface File extends AutoCloseable {
        /** Reads at a place; -1 at the end. */
        int read(ByteBuffer target, long at) throws IOException;

        /** Writes at a place; may write less than all. */
        int write(ByteBuffer source, long at) throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        void force() throws IOException;

        @Override
        void close();

        /** Reads until the target is full or the file ends. */
        default void readFully(ByteBuffer target, long at) throws IOException {
            var place = at;
            while (target.hasRemaining()) {
                var count = read(target, place);
                if (count <= 0) {
                    return;
                }
                place += count;
            }
        }

        /** Writes all. */
        default void writeFully(ByteBuffer source, long at) throws IOException {
            var place = at;
            while (source.hasRemaining()) {
                place += write(source, place);
            }
        }
    }

    /** Opens a file that is there. */
    File open(Path path, boolean writable) throws IOException;

    /** Makes an empty file, in place of one that may be there, readable by its owner and group only. */
    File create(Path path) throws IOException;

    /** Maps the first bytes of a file, shared. */
    ByteBuffer map(Path path, int bytes, boolean writable) throws IOException;

    /** Renames in one step, over what may be there. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file, or an empty folder, that may be gone already. */
    void delete(Path path) throws IOException;

    /** Whether a file is there. */
    boolean exists(Path path);

    /** The names in a folder; none when there is no such folder. */
    List<String> list(Path dir) throws IOException;

    /** When something was last changed, in milliseconds; 0 when it is gone. */
    long modified(Path path);

    /** Makes a folder, and those above it, for its owner only. */
    void createDirectories(Path dir) throws IOException;

    /** Makes renames in a folder last. */
    void sync(Path dir) throws IOException;

    /** An I/O error in words, without the path. */
    static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file";
            case NotDirectoryException _ -> "not a directory";
            case FileSystemException f when f.getReason() != null -> Objects.requireNonNull(f.getReason());
            default -> Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        };
    }
}
