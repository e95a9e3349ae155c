package org.ham.recovery;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A file channel that comes back when what serves the file is restarted; apart from that what it covers, on files that can be read at
 * a position. Thread-safe.
 *
 * <p>The position is kept here, so after a recovery it is where it was. Reads, sizes, truncations and writes at a position are at
 * least once: done twice they come to the same. Appending is at most once. {@link #force} fails once when a recovery came between
 * a write and itself: nobody can say that what was written before is still there. Locks and mappings belong to what was
 * open when they were made; to take a lock again is the recovery function's task.
 */
public final class RecoveringFileChannel extends FileChannel {
    private static final int CHUNK = 1 << 16;
    private static final long NOTHING = Long.MAX_VALUE;

    private final Connection<FileChannel> connection;
    private final boolean appends;

    /** Held for relative operations, which a file channel carries out one after the other. */
    private final ReentrantLock moving = new ReentrantLock();

    /** Of no account when it appends: then the position is the end. */
    private long position;

    /** The first generation in which something was changed that was not forced since. */
    private final AtomicLong unforced = new AtomicLong(NOTHING);

    private RecoveringFileChannel(Connection<FileChannel> connection, boolean appends) {
        this.connection = connection;
        this.appends = appends;
    }

    /**
     * Opens a file: {@code ha_open}. When it is opened again, {@code CREATE_NEW} and {@code TRUNCATE_EXISTING} are left out. {@code
     * DELETE_ON_CLOSE} is refused ({@link Code#INVALID}): the file would be gone with the first recovery.
     */
    public static RecoveringFileChannel open(
            Path path, Set<? extends OpenOption> options, Recovery<FileChannel> recovery) throws IOException {
        if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
            throw RecoveryException.refused(
                    Code.INVALID, path + ": DELETE_ON_CLOSE cannot be recovered; delete the file after closing it");
        }
        var again = options.stream()
                .filter(option ->
                        option != StandardOpenOption.CREATE_NEW && option != StandardOpenOption.TRUNCATE_EXISTING)
                .collect(Collectors.toUnmodifiableSet());
        var opener = new FirstThen(path, options, again);
        var appends = options.contains(StandardOpenOption.APPEND);
        return new RecoveringFileChannel(
                Connection.open(Target.of(path.toString(), opener, Losses.ofFiles()), recovery), appends);
    }

    /** Creates a file or empties it, and opens it for writing: {@code ha_creat}. */
    public static RecoveringFileChannel create(Path path, Recovery<FileChannel> recovery) throws IOException {
        return open(
                path,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
                recovery);
    }

    /** Opens with other options the first time. Confined to whoever has the turn to recover. */
    private static final class FirstThen implements Opener<FileChannel> {
        private final Path path;
        private final Set<? extends OpenOption> again;
        private Set<? extends OpenOption> next;

        FirstThen(Path path, Set<? extends OpenOption> first, Set<? extends OpenOption> again) {
            this.path = path;
            this.next = first;
            this.again = again;
        }

        @Override
        public FileChannel open() throws IOException {
            var opened = FileChannel.open(path, next);
            next = again;
            return opened;
        }
    }

    /** The connection behind it: limits, counters, suspend, attach and detach. */
    public Connection<FileChannel> connection() {
        return connection;
    }

    private <T> T call(Replay replay, Operation<FileChannel, T> operation) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        try {
            return connection.call(replay, operation);
        } catch (RecoveryException e) {
            throw e.code() == Code.CLOSED ? new AsynchronousCloseException() : e;
        }
    }

    @Override
    public int read(ByteBuffer to, long at) throws IOException {
        var start = to.position();
        return call(Replay.AT_LEAST_ONCE, file -> file.read(to.position(start), at));
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        var start = from.position();
        return call(appends ? Replay.AT_MOST_ONCE : Replay.AT_LEAST_ONCE, file -> {
            // Asked before: afterwards it may be another, in which what was written is lost.
            var in = connection.generation();
            var count = file.write(from.position(start), at);
            changed(in);
            return count;
        });
    }

    private void changed(long in) {
        if (in < unforced.get()) {
            unforced.accumulateAndGet(in, Math::min);
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return (int) read(new ByteBuffer[] {to}, 0, 1);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        moving.lock();
        try {
            var total = 0L;
            for (var next = offset; next < offset + length; next++) {
                var wanted = to[next].remaining();
                var count = read(to[next], position);
                if (count < 0) {
                    return total == 0 ? count : total;
                }
                position += count;
                total += count;
                if (count < wanted) {
                    break;
                }
            }
            return total;
        } finally {
            moving.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return (int) write(new ByteBuffer[] {from}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        moving.lock();
        try {
            var total = 0L;
            for (var next = offset; next < offset + length; next++) {
                var count = write(from[next], position);
                position += count;
                total += count;
                if (from[next].hasRemaining()) {
                    break;
                }
            }
            return total;
        } finally {
            moving.unlock();
        }
    }

    @Override
    public long position() throws IOException {
        moving.lock();
        try {
            return isOpen() && !appends ? position : size();
        } finally {
            moving.unlock();
        }
    }

    @Override
    public FileChannel position(long to) throws IOException {
        if (to < 0) {
            throw new IllegalArgumentException("position " + to + ": expected 0 or more");
        }
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        moving.lock();
        try {
            position = to;
        } finally {
            moving.unlock();
        }
        return this;
    }

    @Override
    public long size() throws IOException {
        return call(Replay.AT_LEAST_ONCE, FileChannel::size);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        moving.lock();
        try {
            call(Replay.AT_LEAST_ONCE, file -> {
                var in = connection.generation();
                file.truncate(size);
                changed(in);
                return file;
            });
            position = Math.min(position, size);
        } finally {
            moving.unlock();
        }
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        // Cleared first: what is written meanwhile counts for the next one.
        var since = unforced.getAndSet(NOTHING);
        long in;
        try {
            in = call(Replay.AT_MOST_ONCE, file -> {
                var now = connection.generation();
                file.force(metaData);
                return now;
            });
        } catch (RecoveryException e) {
            // Says it where the operation had begun; else nothing was forced.
            if (e.outcome() == Outcome.NOT_DONE) {
                changed(since);
            }
            throw e;
        } catch (IOException e) {
            changed(since);
            throw e;
        }
        if (since < in) {
            throw new RecoveryException(
                    Code.NOT_REPEATED,
                    Outcome.MAYBE_DONE,
                    connection.name()
                            + ": recovered since it was written to, what was written before may be lost; write it"
                            + " again and force it");
        }
    }

    @Override
    public long transferTo(long at, long most, WritableByteChannel target) throws IOException {
        requireRange(at, most);
        var chunk = ByteBuffer.allocate((int) Math.min(most, CHUNK));
        var total = 0L;
        while (total < most && read(chunk.clear().limit((int) Math.min(most - total, CHUNK)), at + total) > 0) {
            chunk.flip();
            total += target.write(chunk);
            if (chunk.hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long most) throws IOException {
        requireRange(at, most);
        var chunk = ByteBuffer.allocate((int) Math.min(most, CHUNK));
        var total = 0L;
        while (total < most && source.read(chunk.clear().limit((int) Math.min(most - total, CHUNK))) > 0) {
            chunk.flip();
            while (chunk.hasRemaining()) {
                total += write(chunk, at + total);
            }
        }
        return total;
    }

    private void requireRange(long at, long most) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (at < 0 || most < 0) {
            throw new IllegalArgumentException("position " + at + ", count " + most + ": expected 0 or more");
        }
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
        return call(Replay.AT_LEAST_ONCE, file -> file.map(mode, at, size));
    }

    @Override
    public MemorySegment map(MapMode mode, long at, long size, Arena arena) throws IOException {
        return call(Replay.AT_LEAST_ONCE, file -> file.map(mode, at, size, arena));
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) throws IOException {
        return new CoveredLock(this, call(Replay.AT_LEAST_ONCE, file -> file.lock(at, size, shared)));
    }

    @Override
    public @Nullable FileLock tryLock(long at, long size, boolean shared) throws IOException {
        var lock = call(Replay.AT_LEAST_ONCE, file -> Optional.ofNullable(file.tryLock(at, size, shared)));
        return lock.map(taken -> new CoveredLock(this, taken)).orElse(null);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        connection.close();
    }
}
