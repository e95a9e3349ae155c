package org.ham.itests.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.ham.api.HeartbeatPage;

/** The pages that processes beat into, as files of a HAM's run-dir. */
final class BeatPages {
    private static final int START_TIME = 19;

    private final HamInstance ham;

    BeatPages(HamInstance ham) {
        this.ham = ham;
    }

    /** The page of a process. */
    Path file(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME];
            return ham.runDir.resolve(HeartbeatPage.FOLDER).resolve(pid + "-" + start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page of a process, once it is there. */
    Path awaitFile(long pid) {
        var file = file(pid);
        Awaitility.await(file.toString()).atMost(HamInstance.PATIENCE).until(() -> Files.exists(file));
        return file;
    }

    /** When a process last beat for itself, as its page says. */
    long lastBeat(long pid) {
        return page(pid).getLong(HeartbeatPage.slot(0));
    }

    /** When that one of the process and its first registered thread last beat who did so earlier. */
    long oldestBeat(long pid) {
        var page = page(pid);
        return Math.min(page.getLong(HeartbeatPage.slot(0)), page.getLong(HeartbeatPage.slot(1)));
    }

    private ByteBuffer page(long pid) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file(pid))).order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a process has gone on beating for so long. */
    void awaitBeats(long pid, long nanos) {
        awaitFile(pid);
        var first = Awaitility.await("the first beat")
                .atMost(HamInstance.PATIENCE)
                .until(() -> lastBeat(pid), at -> at > 0);
        Awaitility.await("beats").atMost(HamInstance.PATIENCE).until(() -> lastBeat(pid), at -> at - first >= nanos);
    }
}
