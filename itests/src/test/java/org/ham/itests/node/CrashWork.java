package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * What goes on while processes die: programs report, attach, change and detach over the control socket, commands are asked, and
 * entities are killed. Remembers what was answered and what was killed. Its rounds are one test thread's; what they do is done by
 * several.
 */
final class CrashWork implements AutoCloseable {
    /** Entities that are started again whenever they die, one of them by a longer list, and one that nobody kills. */
    static final List<String> ENTITIES = List.of("w0", "w1", "w2", "w3", "w4", "listed", "calm");

    private static final Gson GSON = new Gson();
    private static final int CALLS = 14;

    private final Path runDir;
    private final Path starts;
    private final List<String> answered = Collections.synchronizedList(new ArrayList<>());
    private final List<String> killed = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong number = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CrashControl reporting;
    private final CrashControl changing;
    private final CrashControl commanding;
    private final CrashControl looking;
    private int rounds;

    CrashWork(HamInstance ham) {
        runDir = ham.runDir;
        starts = ham.conf.resolve("starts");
        reporting = new CrashControl(runDir);
        changing = new CrashControl(runDir);
        commanding = new CrashControl(runDir);
        looking = new CrashControl(runDir);
        var command = GSON.toJson(command(starts));
        var restart = """
                conditions:
                  died:
                    when: death
                    flags: [rearm]
                    actions:
                      - restart: {flags: [rearm]}
                  said:
                    when: state
                    flags: [rearm]
                    actions:
                      - note: {type: log, message: "said something", flags: [rearm]}
                """;
        var list = """
                conditions:
                  died:
                    when: death
                    flags: [rearm]
                    actions:
                      - note: {type: log, message: "died", flags: [rearm]}
                      - tell: {type: execute, command: ["true"], flags: [rearm]}
                      - restart: {flags: [rearm]}
                      - done: {type: log, message: "is back", flags: [rearm]}
                """;
        // It is told something harmless: no other signal could be sent a second time.
        var signals = """
                conditions:
                  said:
                    when: state
                    flags: [rearm]
                    actions:
                      - poke: {type: notify-signal, signal: SIGCONT, flags: [rearm]}
                      - poke-all: {type: notify-signal, signal: SIGCONT, group: true, flags: [rearm]}
                """;
        for (var name : ENTITIES) {
            ham.entity(
                    name,
                    "start: " + command + "\n"
                            + switch (name) {
                                case "listed" -> list;
                                case "calm" -> signals;
                                default -> restart;
                            });
        }
    }

    /** Writes down its entity, invocation and pid when it begins. */
    private static List<String> command(Path starts) {
        return List.of(
                "/bin/sh", "-c", "echo \"$HAM_ENTITY $HAM_INVOCATION_ID $$\" >> " + starts + "; exec sleep 1000000");
    }

    /** Begins a round of everything; it is over when all is answered and all that was killed is back. */
    CompletableFuture<Void> begin() {
        rounds++;
        var round = rounds;
        return CompletableFuture.allOf(
                CompletableFuture.runAsync(this::report, threads),
                CompletableFuture.runAsync(() -> change("t" + round), threads),
                CompletableFuture.runAsync(this::command, threads),
                CompletableFuture.runAsync(() -> kill(round), threads));
    }

    /** Waits for a round. */
    static void finish(CompletableFuture<Void> round) {
        try {
            round.get(150, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError("the work failed: " + e.getCause(), e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the work did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void call(CrashControl control, String method, Map<String, ?> params) {
        var id = "r" + number.incrementAndGet();
        control.call(method, GSON.toJsonTree(params).getAsJsonObject(), id);
        answered.add(id);
    }

    private void report() {
        for (var i = 0; i < CALLS; i++) {
            var entity = Map.of("name", ENTITIES.get(i % ENTITIES.size()));
            call(reporting, "reportState", Map.of("entity", entity, "state", number.intValue()));
        }
        call(
                reporting,
                "raise",
                Map.of("entity", Map.of("name", "w0"), "what", Map.of("type", 1, "category", 2, "severity", 3)));
    }

    private void change(String name) {
        var entity = Map.of("name", name);
        var restart = Map.of("name", "restart", "type", "restart", "flags", List.of("rearm"));
        var died = Map.of("name", "died", "type", "death", "flags", List.of("rearm"), "actions", List.of(restart));
        call(
                changing,
                "attach",
                Map.of(
                        "entity",
                        Map.of(
                                "name", name,
                                "start", Map.of("command", command(starts)),
                                "conditions", List.of(died))));
        call(changing, "addCondition", Map.of("entity", entity, "condition", Map.of("name", "more", "type", "state")));
        var note = Map.of(
                "name", "note", "type", "log", "parameters", Map.of("message", "noted"), "flags", List.of("rearm"));
        call(changing, "addAction", Map.of("condition", Map.of("entity", name, "name", "more"), "action", note));
        call(changing, "reportState", Map.of("entity", entity, "state", 7));
        call(changing, "enable", Map.of("target", Map.of("entity", name, "name", "more"), "enabled", false));
        call(changing, "remove", Map.of("target", Map.of("entity", name, "name", "more")));
        call(changing, "detach", Map.of("entity", entity));
        // What is detached goes on living.
        var pid = Awaitility.await(name + " has begun")
                .atMost(HamInstance.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> begun().getOrDefault(name, 0L), found -> found != 0);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void command() {
        commanding.ask("status");
        commanding.ask("tree");
        commanding.ask("info", "w0");
    }

    /** Kills some whose start the HAM has told of, and waits for others in their place. */
    private void kill(int round) {
        var answer = looking.ask("tree");
        var tree = numbers(answer, "pid");
        // As pids come round again in a long campaign.
        var started = numbers(answer, "startTime");
        var victims = List.of(ENTITIES.get(round % 5), ENTITIES.get((round + 2) % 5), "listed");
        var killedNow = new HashMap<String, Long>();
        for (var name : victims) {
            long pid = tree.getOrDefault(name, 0L);
            if (pid != 0
                    && ProcessHandle.of(pid)
                            .filter(ProcessHandle::destroyForcibly)
                            .isPresent()) {
                killed.add(name + " " + pid + " " + started.getOrDefault(name, 0L));
                killedNow.put(name, pid);
            }
        }
        for (var victim : killedNow.entrySet()) {
            Awaitility.await(victim + " is replaced")
                    .atMost(HamInstance.PATIENCE.multipliedBy(2))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> begun().getOrDefault(victim.getKey(), 0L), pid -> !pid.equals(victim.getValue()));
        }
    }

    /** The running entities in a tree and their processes. */
    static Map<String, Long> pids(JsonObject tree) {
        return numbers(tree, "pid");
    }

    private static Map<String, Long> numbers(JsonObject tree, String key) {
        var numbers = new HashMap<String, Long>();
        for (var each : tree.getAsJsonArray("entities")) {
            var entity = each.getAsJsonObject();
            if (entity.get("status").getAsString().equals("running")
                    && !entity.get("pid").isJsonNull()) {
                numbers.put(entity.get("name").getAsString(), entity.get(key).getAsLong());
            }
        }
        return numbers;
    }

    /** The process of each entity that began last. */
    private Map<String, Long> begun() {
        var pids = new HashMap<String, Long>();
        lines().forEach(line -> pids.put(line[0], Long.parseLong(line[2])));
        return pids;
    }

    private List<String[]> lines() {
        try {
            return Files.readString(starts)
                    .lines()
                    .map(line -> line.split(" "))
                    .filter(words -> words.length == 3)
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds the journal against what was answered, killed and begun since the last time. */
    void check(CrashAudit audit) {
        audit.read();
        audit.hasAnswered(List.copyOf(answered));
        audit.hasRecovered(List.copyOf(killed));
        var invocations = lines().stream().map(words -> words[1]).toList();
        assertThat(invocations).as("starts").doesNotHaveDuplicates();
        assertThat(invocations)
                .as("what began is what the journal says was started")
                .allSatisfy(
                        invocation -> assertThat(audit.succeeded(invocation)).isEqualTo(1));
        answered.clear();
        killed.clear();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        List.of(reporting, changing, commanding, looking).forEach(CrashControl::close);
    }
}
