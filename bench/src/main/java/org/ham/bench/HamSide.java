package org.ham.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.ham.linux.Linux;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Signals;

/** HAM and Guardian of the distribution, over a run-dir and a configuration of their own. */
final class HamSide implements Side {
    private static final long LOOK_EVERY = 20_000_000;
    private static final long LAST_BREATH = 500_000_000;
    private static final long PATIENCE = 60_000_000_000L;

    /** Of an entity file, which must not be larger than a mebibyte. */
    private static final int ENTITIES = 1_000;

    private final Linux linux;
    private final Path command;
    private final Path runDir;
    private final Path conf;
    private final Children children;
    private final long begun;
    private final Set<ProcessRef> nodes = new HashSet<>();

    /** The two processes. */
    record Nodes(long ham, long guardian) {}

    /** Starts it over as many entities, in the background; some or all may not run yet. */
    HamSide(Linux linux, Path command, Path dir, Children children, int count) {
        this.linux = linux;
        this.command = command;
        this.children = children;
        this.runDir = dir.resolve("run");
        this.conf = dir.resolve("conf");
        try {
            Files.createDirectories(conf.resolve("entities"));
            for (var from = 0; from < count; from += ENTITIES) {
                var file = conf.resolve("entities").resolve("bench" + from + ".yaml");
                Files.writeString(file, entities(from, Math.min(count, from + ENTITIES)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begun = linux.clocks().monotonic();
        var exit = ham("start", conf.toString()).exit();
        if (exit != 0) {
            throw new IllegalStateException("'ham start' ended with " + exit + "; see " + runDir);
        }
    }

    private String entities(int from, int to) {
        var text = new StringBuilder();
        var words = children.command().stream().map(word -> '"' + word + '"').toList();
        for (var i = from; i < to; i++) {
            text.append("""
                    ---
                    entity: e%d
                    start: %s
                    conditions:
                      died:
                        when: death
                        flags: [rearm]
                        actions:
                          - restart: {flags: [rearm]}
                    """.formatted(i, words));
        }
        return text.toString();
    }

    /** When {@code ham start} was called. */
    long begun() {
        return begun;
    }

    Path runDir() {
        return runDir;
    }

    @Override
    public Children children() {
        return children;
    }

    /** Waits until the HAM that is not the one given leads and a Guardian stands ready; who they are. */
    Nodes awaitReady(long formerHam) {
        var until = linux.clocks().monotonic() + PATIENCE;
        while (linux.clocks().monotonic() < until) {
            var now = status().flatMap(HamSide::ready).filter(ready -> ready.ham != formerHam);
            if (now.isPresent()) {
                return seen(now.get());
            }
            LockSupport.parkNanos(LOOK_EVERY);
        }
        throw new IllegalStateException("no Guardian became ready; see " + runDir);
    }

    private Nodes seen(Nodes now) {
        for (var pid : List.of(now.ham, now.guardian)) {
            nodes.add(linux.processes().identify(pid));
        }
        return now;
    }

    private static Optional<Nodes> ready(JsonObject status) {
        var guardian = status.get("guardian");
        if (guardian == null
                || !guardian.isJsonObject()
                || !guardian.getAsJsonObject().get("ready").getAsBoolean()) {
            return Optional.empty();
        }
        return Optional.of(new Nodes(
                status.getAsJsonObject("ham").get("pid").getAsLong(),
                guardian.getAsJsonObject().get("pid").getAsLong()));
    }

    private Optional<JsonObject> status() {
        var answer = ham("status", "--json");
        return answer.exit() == 0
                ? Optional.of(JsonParser.parseString(answer.out()).getAsJsonObject())
                : Optional.empty();
    }

    private record Answer(int exit, String out) {}

    private Answer ham(String... words) {
        var line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(words));
        try {
            var builder = new ProcessBuilder(line).redirectError(Redirect.appendTo(log()));
            builder.environment().put("HAM_RUN_DIR", runDir.toString());
            var process = builder.start();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private java.io.File log() {
        return conf.resolveSibling("command.log").toFile();
    }

    @Override
    public void close() {
        try {
            ham("stop");
        } finally {
            // What did not stop in order; stopped first, so that neither replaces the other meanwhile.
            LockSupport.parkNanos(LAST_BREATH);
            nodes.removeIf(node -> !linux.processes().isAlive(node));
            nodes.forEach(node -> send(node, "SIGSTOP"));
            nodes.forEach(node -> send(node, "SIGKILL"));
            children.close();
        }
    }

    private void send(ProcessRef node, String signal) {
        System.err.println("bench: node " + node.pid() + " did not stop, " + signal);
        try {
            linux.signals().send(node, Signals.number(signal));
        } catch (LinuxException e) {
            System.err.println("bench: " + e.getMessage());
        }
    }
}
