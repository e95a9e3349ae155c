package org.ham.detector.heartbeat;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HeartbeatPage;
import org.ham.api.ProcessId;
import org.ham.linux.LinuxException;
import org.ham.linux.SharedPage;
import org.jspecify.annotations.Nullable;

/**
 * The files of the pages, {@code beats/PID-START} under the run-dir, each owned by the user its process runs as and readable by
 * nobody else. They outlive the HAM, so that whoever takes over reads on. Thread-safe.
 */
final class PageFolder {
    private static final Logger LOG = System.getLogger(PageFolder.class.getName());
    private static final Pattern NAME = Pattern.compile("(\\d{1,10})-(\\d{1,19})");

    /** Those of processes that have ended are looked for after so many new ones. */
    private static final int SWEEP_AFTER = 1_000;

    private final Path folder;
    private final Path proc;
    private final long ownUid;
    private final Predicate<ProcessId> lives;
    private int made;

    /**
     * The folder, made when it is not there.
     *
     * @param proc where processes are looked up
     * @param lives whether a process of that pid and start time lives
     */
    PageFolder(Path folder, Path proc, Predicate<ProcessId> lives) {
        this.folder = folder;
        this.proc = proc;
        this.lives = lives;
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder);
            }
            // Others may reach their own page by its name, and list nothing.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            ownUid = uid(folder);
        } catch (IOException e) {
            throw new HamException(Code.FAILED, "the folder for pages of beats cannot be made: " + e, e);
        }
        sweep();
    }

    private static long uid(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
    }

    private Path file(ProcessId process) {
        return folder.resolve(HeartbeatPage.name(process));
    }

    /** The page of a process, made when it is not there yet. */
    synchronized Path make(String entity, ProcessId process, long uid) {
        var file = file(process);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                if (++made % SWEEP_AFTER == 0) {
                    sweep();
                }
                (uid == ownUid
                                ? SharedPage.create(file, HeartbeatPage.SIZE, PageSlots::fill)
                                : SharedPage.create(file, HeartbeatPage.SIZE, uid, SAME_GROUP, PageSlots::fill))
                        .close();
            }
            return file;
        } catch (LinuxException e) {
            throw new HamException(
                    Code.FAILED,
                    "entity '" + entity + "': the page for its beats cannot be made: " + e.getMessage(),
                    e);
        }
    }

    /** To {@code fchown(2)}: leave the group alone. */
    private static final long SAME_GROUP = -1;

    /**
     * The beats of a process that may find its page by its name; null when it has ended meanwhile. A page that another user would
     * need, because the process has become somebody else since, is made anew.
     */
    @Nullable
    Slots provide(ProcessId process) {
        try {
            var uid = uid(proc.resolve(Long.toString(process.pid())));
            var file = file(process);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && uid(file) != uid) {
                Files.delete(file);
            }
            make(HeartbeatPage.name(process), process, uid);
        } catch (IOException _) {
            return null; // it has ended
        } catch (HamException e) {
            LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
        }
        return open(process);
    }

    /** The beats of a process; null when it has no page, or none that can be used. */
    @Nullable
    Slots open(ProcessId process) {
        var file = file(process);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            var slots = new PageSlots(SharedPage.open(file, HeartbeatPage.SIZE), uid(file) == ownUid);
            if (slots.isValid()) {
                return slots;
            }
            slots.close();
            LOG.log(Level.WARNING, "{0} is no page of beats of this version and is not looked at", file);
        } catch (IOException | LinuxException e) {
            LOG.log(Level.WARNING, file + " cannot be looked at: " + e.getMessage());
        }
        return null;
    }

    /** Deletes the pages of processes that have ended. */
    private void sweep() {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                var name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches()
                        && !lives.test(
                                new ProcessId(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), 0, ""))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "Pages of processes that have ended are left in " + folder, e);
        }
    }
}
