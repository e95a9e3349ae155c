package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One HAM of the real distribution with a run-dir and a configuration folder of its own, driven by its command. After each
 * test it is stopped, and whatever is left of it and of its entities, found by the run-dir in their environment, is killed.
 */
final class HamInstance implements AfterEachCallback, AfterAllCallback {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Not the default folder for temporary files, whose path may be too long for a unix socket. */
    private static final Path TEMPORARY = Path.of("/tmp");

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 2L << 30;

    /** The exit code of a command that finds no HAM. */
    private static final int UNREACHABLE = 3;

    final Path runDir;
    final Path conf;
    private final Path home = Path.of(System.getProperty("ham.dist"));
    private final boolean shared;
    private boolean failed;
    private List<String> inside = List.of();

    /** What a command came to. */
    record Result(int exit, String out, String err) {}

    HamInstance() {
        this(false);
    }

    /** One that all tests of a class use, in a static field; it is stopped after the last of them. */
    static HamInstance shared() {
        return new HamInstance(true);
    }

    private HamInstance(boolean shared) {
        this.shared = shared;
        try {
            runDir = Files.createTempDirectory(memory(), "ham-it-");
            conf = Files.createDirectory(TEMPORARY.resolve(runDir.getFileName() + "-conf"));
            Files.createDirectory(conf.resolve("entities"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a run-dir belongs, if there is room: a disk that others keep busy holds HAM up. */
    private static Path memory() throws IOException {
        return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM ? MEMORY : TEMPORARY;
    }

    /** Runs {@code ham} and waits for it. */
    Result ham(String... words) {
        return ham(Map.of(), words);
    }

    Result ham(Map<String, String> environment, String... words) {
        try {
            var out = Files.createTempFile("ham", ".out");
            var err = Files.createTempFile("ham", ".err");
            var process = builder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
            process.environment().putAll(environment);
            var running = process.start();
            running.getOutputStream().close();
            if (!running.waitFor(120, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError("ham " + List.of(words) + " did not end");
            }
            var result = new Result(running.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** From now on runs {@code ham} by another command, such as one that enters a namespace. */
    HamInstance inside(String... command) {
        inside = List.of(command);
        return this;
    }

    ProcessBuilder builder(String... words) {
        var command = new ArrayList<>(inside);
        command.add(home.resolve("bin/ham").toString());
        command.addAll(Arrays.asList(words));
        var builder = new ProcessBuilder(command);
        builder.environment().put("HAM_RUN_DIR", runDir.toString());
        return builder;
    }

    /** Runs {@code ham} and expects it to succeed. */
    String ok(String... words) {
        return succeeded(ham(words), words);
    }

    private static String succeeded(Result result, String... words) {
        assertThat(result.exit())
                .as("ham %s\n%s\n%s", List.of(words), result.out(), result.err())
                .isZero();
        return result.out();
    }

    /** Runs {@code ham} and expects it to fail with a code and a message. */
    void refused(int exit, String message, String... words) {
        var result = ham(words);
        assertThat(result.exit())
                .as("ham %s\n%s\n%s", List.of(words), result.out(), result.err())
                .isEqualTo(exit);
        assertThat(result.err()).as("ham %s", List.of(words)).contains(message);
        assertThat(result.err()).as("no stack trace for people").doesNotContain("\tat ");
    }

    HamInstance entity(String name, String yaml) {
        write(conf.resolve("entities").resolve(name + ".yaml"), "entity: " + name + "\n" + yaml);
        return this;
    }

    /** An entity that is restarted whenever it dies. */
    HamInstance restarted(String name, String... command) {
        return entity(
                name,
                "start: [" + Stream.of(command).map(w -> '"' + w + '"').collect(Collectors.joining(", ")) + "]\n"
                        + """
                        conditions:
                          died:
                            when: death
                            flags: [rearm]
                            actions:
                              - restart: {flags: [rearm]}
                        """);
    }

    HamInstance settings(String yaml) {
        write(conf.resolve("ham.yaml"), yaml);
        return this;
    }

    private static void write(Path file, String text) {
        try {
            var fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HamInstance start() {
        ok("start", conf.toString());
        return this;
    }

    JsonObject status() {
        return json("status");
    }

    private JsonObject json(String command) {
        return JsonParser.parseString(ok(command, "--json")).getAsJsonObject();
    }

    /** The same, empty when nobody leads yet: a takeover may take longer than the command waits. */
    private Optional<JsonObject> jsonIfLed(String command) {
        var result = ham(command, "--json");
        return result.exit() == UNREACHABLE
                ? Optional.empty()
                : Optional.of(JsonParser.parseString(succeeded(result, command)).getAsJsonObject());
    }

    long hamPid() {
        return status().getAsJsonObject("ham").get("pid").getAsLong();
    }

    long guardianPid() {
        return status().getAsJsonObject("guardian").get("pid").getAsLong();
    }

    /** Waits until the status is as wanted. */
    JsonObject awaitStatus(String what, Predicate<JsonObject> wanted) {
        return Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> jsonIfLed("status"),
                        status -> status.filter(wanted).isPresent())
                .orElseThrow();
    }

    /** Waits for a Guardian that could take over, other than these processes. */
    JsonObject awaitMirrored(long... not) {
        return awaitStatus(
                "a ready Guardian",
                s -> s.get("guardian").isJsonObject()
                        && s.getAsJsonObject("guardian").get("ready").getAsBoolean()
                        && Arrays.stream(not)
                                .noneMatch(pid -> pid
                                        == s.getAsJsonObject("guardian")
                                                .get("pid")
                                                .getAsLong()));
    }

    JsonObject tree() {
        return json("tree");
    }

    Map<String, JsonObject> entities() {
        return entities(tree());
    }

    private static Map<String, JsonObject> entities(JsonObject tree) {
        var map = new TreeMap<String, JsonObject>();
        for (var entity : tree.getAsJsonArray("entities")) {
            map.put(entity.getAsJsonObject().get("name").getAsString(), entity.getAsJsonObject());
        }
        return map;
    }

    JsonObject entity(String name) {
        return Optional.ofNullable(entities().get(name))
                .orElseThrow(() -> new AssertionError("no entity " + name + " in the tree"));
    }

    long pid(String name) {
        return entity(name).get("pid").getAsLong();
    }

    /** Waits until an entity runs with another process than this one, and gives it. */
    long awaitRestart(String name, long before) {
        return Awaitility.await(name + " is back")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> jsonIfLed("tree")
                                .map(tree -> entities(tree).get(name))
                                .filter(e ->
                                        e.get("pid") != null && !e.get("pid").isJsonNull())
                                .map(e -> e.get("pid").getAsLong())
                                .orElse(0L),
                        pid -> pid != 0 && pid != before);
    }

    /** The tree without what differs from run to run: pids, times, counters. */
    String shape() {
        var tree = tree();
        for (var each : tree.getAsJsonArray("entities")) {
            var entity = each.getAsJsonObject();
            for (var volatileKey :
                    List.of("pid", "startTime", "restarts", "created", "lastDeath", "lastReason", "status")) {
                entity.remove(volatileKey);
            }
        }
        tree.remove("seq");
        return tree.toString();
    }

    List<JsonObject> events() {
        return ok("events", "--json")
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    List<JsonObject> events(String type) {
        return events().stream()
                .filter(e -> e.get("type").getAsString().equals(type))
                .toList();
    }

    /** The living processes that were started for an entity, not their children. */
    List<Long> processes(String entity) {
        return environments("HAM_ENTITY=" + entity)
                .filter(HamInstance::leadsSession)
                .toList();
    }

    /** How often each process of any entity of this instance lives; to see that nothing is doubled. */
    Map<String, Long> processesByEntity() {
        return environments("HAM_INVOCATION_ID=")
                .filter(HamInstance::leadsSession)
                .map(HamInstance::entityOf)
                .collect(Collectors.groupingBy(n -> n, TreeMap::new, Collectors.counting()));
    }

    /** The living processes of entities and the names of these; not their children. */
    Map<Long, String> livingByEntity() {
        return environments("HAM_INVOCATION_ID=")
                .filter(HamInstance::leadsSession)
                .collect(Collectors.toMap(pid -> pid, HamInstance::entityOf));
    }

    private static String entityOf(long pid) {
        return environment(pid).stream()
                .filter(v -> v.startsWith("HAM_ENTITY="))
                .findFirst()
                .orElse("?")
                .substring("HAM_ENTITY=".length());
    }

    private Stream<Long> environments(String prefix) {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> {
            var environment = environment(pid);
            return environment.contains("HAM_RUN_DIR=" + runDir)
                    && environment.stream().anyMatch(v -> v.startsWith(prefix));
        });
    }

    private static List<String> environment(long pid) {
        try {
            return List.of(
                    Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0"));
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    private static boolean leadsSession(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return !fields[0].equals("Z") && Long.parseLong(fields[3]) == pid;
        } catch (IOException | UncheckedIOException _) {
            return false;
        }
    }

    static void kill(long pid, String signal) {
        try {
            var exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            assertThat(exit).as("kill -%s %d", signal, pid).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Kills several by one command, one after the other. */
    static void killTogether(List<Long> pids) {
        signal("KILL", pids);
    }

    /** The same so that none of them sees another die. */
    static void killInOneInstant(List<Long> pids) {
        signal("STOP", pids);
        signal("KILL", pids);
    }

    /** Sends a signal to several by one command, one after the other; some may be gone. */
    static void signal(String which, List<Long> pids) {
        var words = new ArrayList<>(List.of("kill", "-" + which));
        pids.forEach(pid -> words.add(Long.toString(pid)));
        try {
            new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
                && Files.exists(Path.of("/proc/" + pid + "/exe"));
    }

    static String text(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(e -> e.getAsString())
                .collect(Collectors.joining(","));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        failed = context.getExecutionException().isPresent();
        if (failed) {
            explain();
        }
        if (!shared) {
            end();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (shared) {
            end();
        }
    }

    /** Stops it, and kills and deletes what is left. */
    void end() throws Exception {
        var entities = entityPids();
        ham("stop");
        // By pid as well: some daemons write over their environment.
        entities.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        var left = Stream.concat(
                        environments(""),
                        ProcessHandle.allProcesses()
                                .filter(p -> p.info()
                                        .arguments()
                                        .map(a -> List.of(a).contains(runDir.toString()))
                                        .orElse(false))
                                .map(ProcessHandle::pid))
                .filter(pid -> pid != ProcessHandle.current().pid())
                .distinct()
                .toList();
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        takeDeadViewAway();
        delete(runDir);
        delete(conf);
    }

    /** One whose HAM and Guardian were killed is left to the next HAM, which there is none of. */
    private void takeDeadViewAway() throws IOException, InterruptedException {
        var view = runDir.resolve("view");
        try (var mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            for (var _ : mounts.filter(line -> line.contains(" " + view + " ")).toList()) {
                new ProcessBuilder("umount", "-l", view.toString()).start().waitFor();
            }
        }
    }

    private List<Long> entityPids() {
        var result = ham("tree", "--json");
        if (result.exit() != 0) {
            return List.of();
        }
        return JsonParser.parseString(result.out()).getAsJsonObject().getAsJsonArray("entities").asList().stream()
                .map(e -> e.getAsJsonObject().get("pid"))
                .filter(pid -> pid != null && !pid.isJsonNull())
                .map(pid -> pid.getAsLong())
                .toList();
    }

    private void explain() {
        System.out.println("---- " + runDir + " after a failed test");
        for (var words :
                List.of(new String[] {"status"}, new String[] {"tree"}, new String[] {"events", "--offline"})) {
            var result = ham(words);
            var lines = (result.out() + result.err()).lines().toList();
            lines.subList(Math.max(0, lines.size() - 60), lines.size()).forEach(System.out::println);
        }
        try (var logs = Files.list(runDir.resolve("log"))) {
            for (var log : logs.toList()) {
                var lines = Files.readString(log).lines().toList();
                System.out.println("---- " + log);
                lines.subList(Math.max(0, lines.size() - 60), lines.size()).forEach(System.out::println);
            }
        } catch (IOException | UncheckedIOException e) {
            System.out.println("no logs: " + e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
