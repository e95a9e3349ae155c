package org.ham.guardian;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lock on a file, whose content is the holder's pid.
 *
 * <p>The lock belongs to the process, not to the channel: closing <em>any</em> descriptor of this file in this process drops
 * it. So there is one channel, opened once, and nothing else in the process may open the file. Thread-safe.
 */
final class FileRoleLock implements RoleLock {
    private static final int LONGEST_PID = 20;

    private final FileChannel channel;
    private @Nullable FileLock held;

    private FileRoleLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file, without taking the lock. */
    static FileRoleLock open(Path file) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        return new FileRoleLock(FileChannel.open(file, Set.of(CREATE, READ, WRITE), owner));
    }

    /** Takes the lock and writes the pid into the file; false when another process holds it. */
    @Override
    public synchronized boolean take(long pid) throws IOException {
        try {
            held = held == null ? channel.tryLock() : held;
        } catch (OverlappingFileLockException e) {
            // Another framework in this very process holds it.
            return false;
        }
        if (held == null) {
            return false;
        }
        name(pid);
        return true;
    }

    /** Writes the pid into the file, which is for who looks for the HAM, and no proof that it holds the lock. */
    @Override
    public synchronized void name(long pid) throws IOException {
        var name = US_ASCII.encode(pid + "\n");
        var length = name.remaining();
        channel.write(name, 0);
        // Truncating costs more than all the rest, and most pids are equally long.
        if (channel.size() > length) {
            channel.truncate(length);
        }
    }

    /** The pid that the file names, which is the holder's when the lock is held. */
    @Override
    public synchronized OptionalLong holder() throws IOException {
        var bytes = ByteBuffer.allocate(LONGEST_PID);
        channel.read(bytes, 0);
        var text = US_ASCII.decode(bytes.flip()).toString().strip();
        return text.matches("\\d{1,10}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Whether this process holds the lock through this object. */
    @Override
    public synchronized boolean held() {
        return held != null;
    }

    /** Lets another process have it; the file goes on naming this one until then. */
    @Override
    public synchronized void release() throws IOException {
        var lock = held;
        held = null;
        if (lock != null) {
            lock.release();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        held = null;
        channel.close();
    }
}
