package org.ham.command;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** Starts a node in a session of its own and waits until HAM and Guardian are there. */
final class Starter {
    private static final Duration WAIT = Duration.ofMillis(50);
    private static final int WAITS = 1200;
    private static final int LONGEST_SOCKET = 107;
    private static final int TAIL_LINES = 20;

    private final Instance instance;
    private final NodeLauncher launcher;
    private final Consumer<String> progress;

    Starter(Instance instance, NodeLauncher launcher, Consumer<String> progress) {
        this.instance = instance;
        this.launcher = launcher;
        this.progress = progress;
    }

    /** What a start is over: the folder named, or {@code conf} here, or the one of the distribution. */
    static Optional<Path> configuration(Optional<String> named, Path directory, Map<String, String> environment) {
        if (named.isPresent()) {
            var folder = directory.resolve(named.get()).normalize();
            if (!Files.isDirectory(folder)) {
                throw new HamException(
                        Code.NOT_FOUND, "no configuration folder " + folder + "; give one that is there");
            }
            return Optional.of(folder);
        }
        return Optional.of(directory.resolve("conf"))
                .filter(Files::isDirectory)
                .or(() -> Optional.ofNullable(environment.get("HAM_HOME"))
                        .map(home -> Path.of(home, "conf"))
                        .filter(Files::isDirectory));
    }

    /** Refuses when one runs already, and when the run-dir cannot be used. */
    void check() {
        if (new Link(instance).answers()) {
            throw new HamException(
                    Code.EXISTS,
                    "a HAM runs already at " + instance.runDir() + ", pid " + instance.hamPid()
                            + "; stop it with: ham stop, or use another --run-dir");
        }
        var length = instance.socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET) {
            throw new HamException(
                    Code.NAME_TOO_LONG,
                    "run-dir " + instance.runDir() + " is too long by " + (length - LONGEST_SOCKET)
                            + " bytes: the path of a socket has at most " + LONGEST_SOCKET);
        }
        try {
            var folder = instance.runDir();
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.getParent());
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(instance.log().getParent());
            if (!Files.isWritable(folder) || !Files.isWritable(instance.log().getParent())) {
                throw new IOException("no permission to write there");
            }
        } catch (IOException e) {
            throw new HamException(
                    Code.DENIED,
                    "run-dir " + instance.runDir() + " cannot be used: " + reason(e)
                            + "; give another one with --run-dir or HAM_RUN_DIR",
                    e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException denied -> "no permission for " + denied.getFile();
            case java.nio.file.FileAlreadyExistsException taken -> taken.getFile() + " is there and no folder";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Starts; returns the status once HAM and Guardian are there. */
    JsonObject start(Optional<Path> configuration) {
        var before = size(instance.log());
        var pid = launcher.launch(instance, configuration);
        progress.accept("starting HAM, pid " + pid + "…");
        var said = "";
        for (var waits = 0; waits < WAITS; waits++) {
            var status = status();
            if (status.isPresent() && settled(status.get())) {
                return status.get();
            }
            if (status.isPresent() && said.isEmpty()) {
                said = "HAM is there, pid "
                        + status.get().getAsJsonObject("ham").get("pid") + "; waiting for its Guardian…";
                progress.accept(said);
            }
            if (!ProcFiles.alive(pid) && !instance.alive()) {
                throw new HamException(
                        Code.FAILED,
                        "the HAM ended while it started; the end of " + instance.log() + ":\n" + tail(before));
            }
            Pause.of(WAIT);
        }
        throw new HamException(
                Code.TIMED_OUT,
                (said.isEmpty() ? "the HAM does not answer" : "HAM answers, but its Guardian is not ready") + " after "
                        + WAIT.multipliedBy(WAITS).toSeconds() + " s; see "
                        + instance.log().getParent());
    }

    // Ready to take over; or there is no Guardian and the HAM says so itself.
    private static boolean settled(JsonObject status) {
        var guardian = status.get("guardian");
        return guardian.isJsonObject()
                ? guardian.getAsJsonObject().get("ready").getAsBoolean()
                : !status.get("alarm").getAsString().isEmpty();
    }

    private Optional<JsonObject> status() {
        try (var line = Line.open(instance.socket())) {
            var answer = line.exchange("{\"argv\":[\"status\",\"--json\"]}", Line.ANSWER_WITHIN);
            return answer.exit() == 0
                    ? Optional.of(JsonParser.parseString(answer.out()).getAsJsonObject())
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;
        }
    }

    // What this start wrote, not what an earlier one did.
    private String tail(long from) {
        try (var channel = Files.newByteChannel(instance.log())) {
            channel.position(Math.max(from, channel.size() - 16_384));
            var bytes = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(cannot be read: " + e.getMessage() + ")";
        }
    }
}
