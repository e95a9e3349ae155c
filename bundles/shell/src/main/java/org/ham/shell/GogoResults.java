package org.ham.shell;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What lines came to in Gogo whose client could not be told, because the line itself replaced a bundle that serves it. In files,
 * since the client asks again of whatever serves it then, which may be another version of this bundle. Thread-safe.
 */
final class GogoResults {
    private static final Logger LOG = System.getLogger(GogoResults.class.getName());
    private static final String RUNNING = ".run";
    private static final String ENDED = ".json";

    /** How many files are kept; clients ask again at once, so the oldest are those of nobody. */
    private static final int MOST = 64;

    private static final long LOOK_NANOS = 20_000_000;

    private final Path folder;
    private final int looks;

    /**
     * What a line came to. Immutable.
     *
     * @param out what it printed
     * @param err its messages
     * @param exit its exit code
     */
    record Result(String out, String err, int exit) {}

    /**
     * Keeps them in a folder, which is made when it is needed.
     *
     * @param looks how often is looked whether a line has ended, with 20 ms in between
     */
    GogoResults(Path folder, int looks) {
        this.folder = folder;
        this.looks = looks;
    }

    /** A line begins. */
    void begin(String id) {
        try {
            Files.createDirectories(folder);
            prune();
            // Written as the result will be, so that all it takes is loaded: this bundle may be gone by then.
            write(id, RUNNING, new Result("", "", 0));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A client that is cut off will not hear what its line came to: {0}", e.toString());
        }
    }

    /** It has ended. */
    void end(String id, Result result) {
        try {
            write(id, ENDED, result);
            Files.deleteIfExists(file(id, RUNNING));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "What a line came to is lost: {0}", e.toString());
        }
    }

    /** Its client knows. */
    void forget(String id) {
        for (var kind : new String[] {RUNNING, ENDED}) {
            try {
                Files.deleteIfExists(file(id, kind));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "Left behind: {0}", e.toString());
            }
        }
    }

    /** Waits for what it came to; empty when it is not known here, or does not end in time. */
    Optional<Result> await(String id) {
        for (var look = 0; look < looks; look++) {
            if (Files.exists(file(id, ENDED))) {
                return read(file(id, ENDED));
            }
            if (Thread.currentThread().isInterrupted() || !Files.exists(file(id, RUNNING)) && look > 1) {
                return Optional.empty();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return Optional.empty();
    }

    private Path file(String id, String kind) {
        return folder.resolve(id + kind);
    }

    private void write(String id, String kind, Result result) throws IOException {
        var object = new JsonObject();
        object.addProperty("out", result.out());
        object.addProperty("err", result.err());
        object.addProperty("exit", result.exit());
        var fresh = file(id, ".new");
        Files.writeString(fresh, object.toString());
        Files.move(fresh, file(id, kind), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Result> read(Path file) {
        try {
            var object = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            return Optional.of(new Result(
                    object.get("out").getAsString(),
                    object.get("err").getAsString(),
                    object.get("exit").getAsInt()));
        } catch (IOException | JsonParseException e) {
            LOG.log(Level.WARNING, "What a line came to cannot be read: {0}", e.toString());
            return Optional.empty();
        }
    }

    private void prune() throws IOException {
        try (var files = Files.list(folder)) {
            var all = files.sorted(
                            Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .toList();
            for (var file : all.subList(0, Math.max(0, all.size() - MOST))) {
                Files.deleteIfExists(file);
            }
        }
    }
}
