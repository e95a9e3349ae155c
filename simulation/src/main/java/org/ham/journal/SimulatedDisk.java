package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One file system in memory that several simulated processes share. Files that are open stay when they are deleted. Confined
 * to one thread.
 */
public final class SimulatedDisk {
    /** The process on whose behalf files are touched: each touch is a point at which it may die, by throwing. */
    public interface Toucher {
        /** Something is about to be done. */
        void touch(String what);

        /** How many of so many bytes are written before it dies; all of them if it does not. */
        int written(int bytes);

        /** It dies. */
        Error die();
    }

    /** How many bytes all files together may have. */
    public long room = Long.MAX_VALUE;

    /** Whether files cannot be renamed. */
    public boolean refusesRename;

    /** Whether files cannot be forced. */
    public boolean refusesForce;

    /** Whether files cannot be cut short. */
    public boolean refusesTruncate;

    private final Map<Path, Content> files = new HashMap<>();
    private long used;
    private long version;

    private static final class Content {
        private byte[] bytes = new byte[256];
        private int length;
        private ByteBuffer mapped = ByteBuffer.allocateDirect(0);
    }

    /** The journal in a folder, as a process of this machine sees it. */
    public Journal journal(Path dir, JournalSettings settings, Toucher toucher) {
        return Journal.at(dir, settings, new View(toucher));
    }

    /** Changes with everything that is written. */
    public long version() {
        return version;
    }

    /** How many bytes all files have. */
    public long used() {
        return used;
    }

    /** Everything works again. */
    public void heal() {
        room = Long.MAX_VALUE;
        refusesRename = false;
        refusesForce = false;
        refusesTruncate = false;
    }

    private Content there(Path path) throws IOException {
        var content = files.get(path);
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        return content;
    }

    private void drop(Path path) {
        var content = files.remove(path);
        if (content != null) {
            used -= content.length;
        }
    }

    /** The file system as one process sees it. */
    private final class View implements Disk {
        private final Toucher toucher;

        View(Toucher toucher) {
            this.toucher = toucher;
        }

        @Override
        public Disk.File open(Path path, boolean writable) throws IOException {
            return new Opened(there(path), toucher);
        }

        @Override
        public Disk.File create(Path path) {
            toucher.touch("create");
            drop(path);
            var content = new Content();
            files.put(path, content);
            version++;
            return new Opened(content, toucher);
        }

        @Override
        public ByteBuffer map(Path path, int bytes, boolean writable) throws IOException {
            var content = there(path);
            if (content.mapped.capacity() < bytes) {
                content.mapped = ByteBuffer.allocateDirect(bytes).put(0, content.bytes, 0, bytes);
            }
            return content.mapped;
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            toucher.touch("rename");
            if (refusesRename) {
                throw new IOException("Input/output error");
            }
            var content = there(from);
            files.remove(from);
            drop(to);
            files.put(to, content);
            version++;
        }

        @Override
        public void delete(Path path) {
            toucher.touch("delete");
            drop(path);
            version++;
        }

        @Override
        public boolean exists(Path path) {
            return files.containsKey(path);
        }

        @Override
        public List<String> list(Path dir) {
            return files.keySet().stream()
                    .filter(path -> dir.equals(path.getParent()))
                    .map(path -> String.valueOf(path.getFileName()))
                    .toList();
        }

        @Override
        public long modified(Path path) {
            return 0;
        }

        @Override
        public void createDirectories(Path dir) {
            // There is one folder, and it is there.
        }

        @Override
        public void sync(Path dir) throws IOException {
            toucher.touch("sync");
            if (refusesForce) {
                throw new IOException("Input/output error");
            }
        }
    }

    /** An open file. */
    private final class Opened implements Disk.File {
        private final Content content;
        private final Toucher toucher;

        Opened(Content content, Toucher toucher) {
            this.content = content;
            this.toucher = toucher;
        }

        @Override
        public int read(ByteBuffer target, long at) {
            if (at >= content.length) {
                return -1;
            }
            var count = Math.min(target.remaining(), content.length - (int) at);
            target.put(content.bytes, (int) at, count);
            return count;
        }

        @Override
        public int write(ByteBuffer source, long at) throws IOException {
            toucher.touch("write");
            var wanted = source.remaining();
            var taken = toucher.written(wanted);
            var fits = (int) Math.min(taken, Math.max(0, room - used + Math.max(0, content.length - at)));
            put(source, (int) at, fits);
            if (taken < wanted) {
                throw toucher.die();
            }
            if (fits == 0 && wanted > 0) {
                throw new IOException("No space left on device");
            }
            toucher.touch("written");
            return fits;
        }

        private void put(ByteBuffer source, int at, int count) {
            var end = at + count;
            if (end > content.bytes.length) {
                content.bytes = Arrays.copyOf(content.bytes, Math.max(end, 2 * content.bytes.length));
            }
            source.get(content.bytes, at, count);
            if (end > content.length) {
                used += end - content.length;
                content.length = end;
            }
            version++;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public void truncate(long size) throws IOException {
            toucher.touch("truncate");
            if (refusesTruncate) {
                throw new IOException("Input/output error");
            }
            if (size < content.length) {
                Arrays.fill(content.bytes, (int) size, content.length, (byte) 0);
                used -= content.length - size;
                content.length = (int) size;
                version++;
            }
        }

        @Override
        public void force() throws IOException {
            toucher.touch("force");
            if (refusesForce) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
