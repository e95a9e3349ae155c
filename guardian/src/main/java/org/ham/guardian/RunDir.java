package org.ham.guardian;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything a running instance owns. Nobody but its owner may look into it; others may pass through
 * to what is meant for them, such as the notify socket for an entity that runs as another user. Immutable.
 */
record RunDir(Path path) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

    /** Makes sure that it is there, is ours and has mode 0711; throws an exception that says what is wrong and what to do. */
    static RunDir prepare(Path path) throws IOException {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            if (Files.isDirectory(path)) {
                own(path);
            } else {
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            // First what is inside, then the way to it.
            for (var folder : List.of("log", "journal")) {
                Files.createDirectories(path.resolve(folder));
                Files.setPosixFilePermissions(path.resolve(folder), OWNER_ONLY);
            }
            Files.setPosixFilePermissions(path, PASSABLE);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("run-dir " + path + ": " + e.getFile() + " is in the way and no folder", e);
        } catch (AccessDeniedException e) {
            throw refusal(path, "no permission for " + e.getFile(), e);
        } catch (FileSystemException e) {
            throw refusal(path, String.valueOf(e.getMessage()), e);
        }
        return new RunDir(path);
    }

    /** Makes sure that a folder that was there before may be taken, which is never one that others use, such as the one for temporary files. */
    private static void own(Path path) throws IOException {
        var probe = Files.createTempFile(path, "probe", null);
        var me = Files.getOwner(probe);
        Files.delete(probe);
        if (!Files.getOwner(path).equals(me)) {
            throw refusal(path, "it belongs to " + Files.getOwner(path) + " and not to " + me, null);
        }
        var permissions = Files.getPosixFilePermissions(path);
        if (permissions.contains(GROUP_WRITE) || permissions.contains(OTHERS_WRITE)) {
            throw refusal(path, "others may write to it (chmod 700 it if it is meant)", null);
        }
    }

    private static IOException refusal(Path path, String why, @Nullable IOException cause) {
        return new IOException(
                "run-dir " + path + " cannot be used: " + why
                        + "; give another one with --run-dir or HAM_RUN_DIR (ham.run.dir)",
                cause);
    }

    Path lock() {
        return path.resolve("ham.lock");
    }

    Path page() {
        return path.resolve("beat.page");
    }

    Path journal() {
        return path.resolve("journal");
    }

    Path log() {
        return path.resolve("log").resolve("ham.log");
    }

    /** Writes the Guardian's pid for people and scripts to find. */
    void nameGuardian(long pid) throws IOException {
        var fresh = path.resolve("guardian.pid.new");
        Files.writeString(fresh, pid + "\n");
        Files.move(fresh, guardianPid(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** There is no Guardian. */
    void forgetGuardian() throws IOException {
        Files.deleteIfExists(guardianPid());
    }

    /** The pid the file names, 0 when there is none. */
    long namedGuardian() {
        try {
            var text = Files.readString(guardianPid()).strip();
            return text.matches("\\d{1,10}") ? Long.parseLong(text) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private Path guardianPid() {
        return path.resolve("guardian.pid");
    }
}
