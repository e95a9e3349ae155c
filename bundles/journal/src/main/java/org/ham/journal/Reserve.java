package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that holds room on the disk: when the disk is full it is deleted, so that lines still find room while somebody is
 * told. Without it, what a HAM learns on a full disk would die with it. Confined to the writer's thread.
 */
final class Reserve {
    static final String NAME = "reserve";

    private static final int BLOCK = 64 << 10;

    private final Disk disk;
    private final Path path;
    private final long bytes;

    Reserve(Disk disk, Path dir, long bytes) {
        this.disk = disk;
        this.path = dir.resolve(NAME);
        this.bytes = bytes;
    }

    /** Whether it is there. */
    boolean isThere() {
        return disk.exists(path);
    }

    /** Makes it, really written: a file with holes holds no room. Leaves nothing behind when it cannot be made. */
    void make() throws IOException {
        var fresh = path.resolveSibling(NAME + ".tmp");
        try (var file = disk.create(fresh)) {
            var block = ByteBuffer.allocateDirect(BLOCK);
            for (var at = 0L; at < bytes; at += BLOCK) {
                block.clear().limit((int) Math.min(BLOCK, bytes - at));
                file.writeFully(block, at);
            }
        } catch (IOException e) {
            disk.delete(fresh);
            throw e;
        }
        disk.rename(fresh, path);
    }

    /** Gives the room back to the disk; whether there was any. */
    boolean release() {
        if (!isThere()) {
            return false;
        }
        try {
            disk.delete(path);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
