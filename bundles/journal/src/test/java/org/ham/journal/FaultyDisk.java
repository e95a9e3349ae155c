package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The local disk with faults on demand: room that ends, a refusal, a crash before the n-th change. */
final class FaultyDisk implements Disk {
    /** The process dies here; nothing it does afterwards has an effect. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    private final Disk local = new LocalDisk();
    private int steps;
    int crashAt = Integer.MAX_VALUE;
    long room = Long.MAX_VALUE;
    boolean cannotTruncate;

    /** How many bytes were read. */
    long read;

    /** Whether what is deleted leaves its room to others. */
    boolean deletionsMakeRoom;

    @org.jspecify.annotations.Nullable
    IOException refusal;

    int steps() {
        return steps;
    }

    private boolean crashesNow() {
        return ++steps >= crashAt;
    }

    private void step() throws IOException {
        if (crashesNow()) {
            throw new Crash();
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public Disk.File open(Path path, boolean writable) throws IOException {
        return new Faulty(local.open(path, writable));
    }

    @Override
    public Disk.File create(Path path) throws IOException {
        step();
        return new Faulty(local.create(path));
    }

    @Override
    public ByteBuffer map(Path path, int bytes, boolean writable) throws IOException {
        return local.map(path, bytes, writable);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        local.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        step();
        if (deletionsMakeRoom) {
            try (var file = local.open(path, false)) {
                room += file.size();
            }
        }
        local.delete(path);
    }

    @Override
    public boolean exists(Path path) {
        return local.exists(path);
    }

    @Override
    public List<String> list(Path dir) throws IOException {
        if (refusal != null) {
            throw refusal;
        }
        return local.list(dir);
    }

    @Override
    public long modified(Path path) {
        return local.modified(path);
    }

    @Override
    public void createDirectories(Path dir) throws IOException {
        step();
        local.createDirectories(dir);
    }

    @Override
    public void sync(Path dir) throws IOException {
        step();
        local.sync(dir);
    }

    private final class Faulty implements Disk.File {
        private final Disk.File file;

        Faulty(Disk.File file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long at) throws IOException {
            var count = file.read(target, at);
            read += Math.max(0, count);
            return count;
        }

        @Override
        public int write(ByteBuffer source, long at) throws IOException {
            if (crashesNow()) {
                if (steps == crashAt) {
                    file.write(source.slice(source.position(), source.remaining() / 2), at);
                }
                throw new Crash();
            }
            if (room <= 0) {
                throw new IOException("No space left on device");
            }
            var part = (int) Math.min(room, source.remaining());
            var count = file.write(source.slice(source.position(), part), at);
            source.position(source.position() + count);
            room -= count;
            return count;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            step();
            if (cannotTruncate) {
                throw new IOException("Input/output error");
            }
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            step();
            file.force();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
