package org.ham.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The file under which a socket is reached. Immutable. */
final class SocketFile {
    private final Path path;
    private final @Nullable Object key;

    private SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Binds a socket to a path in one step, whatever was there.
     *
     * @param mode the permission bits of the file
     * @param ready what makes the socket usable, before anybody can find it; 0 or the error number below zero
     */
    static SocketFile bind(int fd, Path path, int mode, LongSupplier ready) {
        String failure = "cannot listen on " + path;
        Path temporary = path.resolveSibling("." + UUID.randomUUID().toString().substring(0, 8));
        try {
            require(
                    SocketAddresses.with(temporary, (address, size) -> Syscall.call(Syscall.BIND, fd, address, size)),
                    failure);
            Files.setPosixFilePermissions(temporary, permissions(mode));
            require(ready.getAsLong(), failure);
            Object key = key(temporary);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(path, key);
        } catch (IOException e) {
            delete(temporary);
            throw new LinuxException(failure + ": " + e.getMessage(), Errno.EIO);
        } catch (RuntimeException e) {
            delete(temporary);
            throw e;
        }
    }

    /** The file of a socket that somebody else bound; empty when there is none. */
    static Optional<SocketFile> existing(Path path) {
        try {
            return Optional.of(new SocketFile(path, key(path)));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Tells it from other files that have been or will be at its path. */
    String identity() {
        return path + " " + key;
    }

    /** Deletes it unless another socket has taken its place. */
    void deleteIfStillMine() {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key(path), key)) {
                delete(path);
            }
        } catch (IOException gone) {
            // Somebody else took it away in between, which is what was wanted.
            return;
        }
    }

    private static void require(long result, String what) {
        if (result < 0) {
            throw Errno.failure(what, result);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.getLogger(SocketFile.class.getName())
                    .log(System.Logger.Level.WARNING, "The socket file " + path + " cannot be deleted.", e);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        // Declared from the owner's read to the others' execute, as the bits are from high to low.
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
