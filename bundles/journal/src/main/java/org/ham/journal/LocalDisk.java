package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files of this machine. An interrupt of the calling thread closes a {@link FileChannel} for good, so it is put off
 * until the call is over, and a channel that was closed nevertheless is opened again. Thread-safe; its files are not.
 */
final class LocalDisk implements Disk {
    @Override
    public Disk.File open(Path path, boolean writable) throws IOException {
        return new Steady(
                path,
                writable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ));
    }

    @Override
    public Disk.File create(Path path) throws IOException {
        Files.deleteIfExists(path);
        var options =
                Set.<OpenOption>of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        FileChannel.open(
                        path,
                        options,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))
                .close();
        return open(path, true);
    }

    @Override
    public ByteBuffer map(Path path, int bytes, boolean writable) throws IOException {
        var interrupted = Thread.interrupted();
        try (var channel = writable
                ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(writable ? MapMode.READ_WRITE : MapMode.READ_ONLY, 0, bytes);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public boolean exists(Path path) {
        // Cheaper than Files.exists, and this is asked before every append.
        return path.toFile().exists();
    }

    @Override
    public List<String> list(Path dir) throws IOException {
        var names = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(dir)) {
            for (var entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public long modified(Path path) {
        return path.toFile().lastModified();
    }

    @Override
    public void createDirectories(Path dir) throws IOException {
        try {
            Files.createDirectories(
                    dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw new java.nio.file.NotDirectoryException(dir.toString());
        }
    }

    @Override
    public void sync(Path dir) throws IOException {
        var interrupted = Thread.interrupted();
        try (var channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A file that interrupts do not close. */
    private static final class Steady implements Disk.File {
        private interface Call<T> {
            T on(FileChannel channel) throws IOException;
        }

        private final Path path;
        private final Set<OpenOption> options;
        private FileChannel channel;
        private boolean closed;

        Steady(Path path, Set<? extends OpenOption> options) throws IOException {
            this.path = path;
            this.options = Set.copyOf(options);
            channel = FileChannel.open(path, this.options);
        }

        private <T> T call(Call<T> call) throws IOException {
            var interrupted = Thread.interrupted();
            try {
                while (true) {
                    try {
                        return call.on(channel);
                    } catch (ClosedChannelException e) {
                        if (closed) {
                            throw e;
                        }
                        interrupted |= Thread.interrupted();
                        channel = FileChannel.open(path, options);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public int read(ByteBuffer target, long at) throws IOException {
            var start = target.position();
            return call(c -> c.read(target.position(start), at));
        }

        @Override
        public int write(ByteBuffer source, long at) throws IOException {
            // An attempt that was interrupted may have moved the position though it counts for nothing.
            var start = source.position();
            return call(c -> c.write(source.position(start), at));
        }

        @Override
        public long size() throws IOException {
            return call(FileChannel::size);
        }

        @Override
        public void truncate(long size) throws IOException {
            call(c -> c.truncate(size));
        }

        @Override
        public void force() throws IOException {
            call(c -> {
                c.force(true);
                return c;
            });
        }

        @Override
        public void close() {
            closed = true;
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing is lost: what was written was handed to the kernel by the write itself.
            }
        }
    }
}
