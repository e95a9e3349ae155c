package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A disk in memory: for tests that open a journal many thousand times. Files that are open stay when they are deleted. */
final class MemoryDisk implements Disk {
    private static final class Content {
        private byte[] bytes = new byte[0];
        private ByteBuffer mapped = ByteBuffer.allocateDirect(0);
    }

    private final Map<Path, Content> files = new HashMap<>();

    /** Puts a file there. */
    void put(Path path, byte[] bytes) {
        files.computeIfAbsent(path, _ -> new Content()).bytes = bytes.clone();
    }

    /** What is in a file. */
    byte[] get(Path path) {
        return files.getOrDefault(path, new Content()).bytes.clone();
    }

    /** Deletes all files. */
    void clear() {
        files.clear();
    }

    @Override
    public Disk.File open(Path path, boolean writable) throws IOException {
        return new Opened(there(path));
    }

    private Content there(Path path) throws IOException {
        var content = files.get(path);
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        return content;
    }

    @Override
    public Disk.File create(Path path) {
        var content = new Content();
        files.put(path, content);
        return new Opened(content);
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
        files.put(to, there(from));
        files.remove(from);
    }

    @Override
    public void delete(Path path) {
        files.remove(path);
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
    public void createDirectories(Path dir) {}

    @Override
    public void sync(Path dir) {}

    private record Opened(Content content) implements Disk.File {
        @Override
        public int read(ByteBuffer target, long at) {
            if (at >= content.bytes.length) {
                return -1;
            }
            var count = Math.min(target.remaining(), content.bytes.length - (int) at);
            target.put(content.bytes, (int) at, count);
            return count;
        }

        @Override
        public int write(ByteBuffer source, long at) {
            var count = source.remaining();
            content.bytes = Arrays.copyOf(content.bytes, Math.max(content.bytes.length, (int) at + count));
            source.get(content.bytes, (int) at, count);
            return count;
        }

        @Override
        public long size() {
            return content.bytes.length;
        }

        @Override
        public void truncate(long size) {
            content.bytes = Arrays.copyOf(content.bytes, (int) Math.min(size, content.bytes.length));
        }

        @Override
        public void force() {}

        @Override
        public void close() {}
    }
}
