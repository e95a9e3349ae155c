package org.ham.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.Actor;
import org.ham.api.Beating;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.ExitReason;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.core.engine.Limits;
import org.ham.core.engine.State;
import org.ham.journal.Journal;
import org.ham.journal.JournalSettings;
import org.ham.spi.Host;

/**
 * A journal kept as test data: how one is made, read and written on, without any process. Of a stored one nothing is ever changed;
 * each release adds its own, by {@link #make}. Confined to one thread.
 */
final class StoredJournal {
    static final Path ALL = Path.of("src/test/resources/journals");
    static final String TREE = "tree.json";

    private static final String BOOT = "stored";
    private static final long SMALL = 16 << 10;
    private static final Actor CLIENT = new Actor("client", 1000, 4711);

    private final Path dir;
    private final Mailbox mailbox = new Mailbox();
    private long clock;
    private final long segmentBytes;
    private int pids = 200;
    private boolean making;

    /** A machine that is nothing but its clock and its numbers. */
    final Host host = (Host) Proxy.newProxyInstance(
            Host.class.getClassLoader(),
            new Class<?>[] {Host.class},
            (_, method, arguments) -> switch (method.getName()) {
                case "monotonic" -> clock += 1_000_000;
                case "now" -> Instant.parse("2026-01-01T00:00:00Z").plusNanos(clock);
                case "start" -> started(String.valueOf(arguments[0]));
                case "find" -> Optional.empty();
                case "isAlive" -> true;
                default -> null;
            });

    StoredJournal(Path dir) {
        this(dir, SMALL);
    }

    private StoredJournal(Path dir, long segmentBytes) {
        this.dir = dir;
        this.segmentBytes = segmentBytes;
    }

    private ProcessId started(String name) {
        if (name.equals("broken")) {
            throw new HamException(HamException.Code.NOT_FOUND, "command: there is no /nowhere");
        }
        if (name.equals("halfway") && making) {
            throw new IllegalStateException("whoever started it died, as far as the journal knows");
        }
        return process(++pids);
    }

    static ProcessId process(long pid) {
        return new ProcessId(pid, pid * 10, pid * 100, BOOT);
    }

    Journal journal() {
        return Journal.at(dir, new JournalSettings(BOOT, segmentBytes, 4, 100));
    }

    /** One that has read it all. */
    Follower followed() {
        var follower = new Follower(host, journal(), new Engine(Limits.DEFAULT), _ -> {});
        follower.finish();
        return follower;
    }

    /** One that has taken over from it. */
    Leader led(Follower follower, long pid) {
        var writer = journal().write(follower.reader(), follower.state().epoch() + 1);
        follower.finish();
        // Actions begin and never end: nobody listens for their outcomes.
        var actions = new ActionRunner(new Plugins(Returning.NEVER, 0), 100, () -> 0, _ -> {});
        var leader = new Leader(
                host,
                new Engine(Limits.DEFAULT),
                actions,
                new Monitors(),
                new Environs(),
                new Members(),
                writer,
                new Snapshots(new AtOnce(), () -> {}),
                follower,
                mailbox,
                _ -> {},
                "/run/ham");
        leader.begin(new Input.Led(pid == 100 ? "started" : "took-over", pid, pid == 100 ? 0 : 100, "feedbeef"));
        return leader;
    }

    /** Asks for something and lets it happen. */
    void ask(Leader leader, Input input, Actor actor) {
        mailbox.add(new Request(input, actor, null));
        leader.turn();
    }

    private void all(Leader leader, Input... inputs) {
        for (var input : inputs) {
            ask(leader, input, CLIENT.asking("1000/4711/r" + leader.state().seq()));
        }
    }

    /** Makes two of the present version, with all there can be in them: one with snapshots, and one with all its lines. */
    static void make(String name) throws IOException {
        make(ALL.resolve(name), SMALL);
        make(ALL.resolve(name + "-lines"), JournalSettings.SEGMENT_BYTES);
    }

    private static void make(Path dir, long segmentBytes) throws IOException {
        Files.createDirectories(dir);
        var stored = new StoredJournal(dir, segmentBytes);
        stored.making = true;
        var leader = stored.led(stored.followed(), 100);
        stored.fill(leader);
        Files.writeString(
                dir.resolve(TREE),
                new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(view(leader.state())) + "\n");
        leader.close();
        // As if the next record had been broken off.
        Files.write(newest(dir), new byte[] {0, 0, 1, 44, 9, 9, 9, 9, 1, 0, 0, 0}, StandardOpenOption.APPEND);
    }

    static Path newest(Path dir) throws IOException {
        try (var files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private void fill(Leader leader) {
        define(leader);
        live(leader);
        // Enough for several snapshots and segments, and for lines after the last one.
        for (var i = 0; i < 120; i++) {
            all(leader, new Input.ReportState("printer", 0, i % 5));
        }
        die(leader);
    }

    private void define(Leader leader) {
        var start = new StartSpec(
                List.of("/usr/bin/web", "-p", "80"),
                Optional.of("/srv"),
                Map.of("LANG", "C.UTF-8"),
                Optional.of("www-data"),
                Map.of("nofile", 1024L),
                Optional.of("web.log"));
        var beats = new HeartbeatSpec(Duration.ofSeconds(1), 2, 5, true);
        var types = java.util.Arrays.stream(ConditionType.values())
                .map(StoredJournal::condition)
                .toList();
        all(
                leader,
                new Input.GuardianStarted(101),
                new Input.GuardianReady(101),
                new Input.Attach("web", start, null, Set.of(EntityFlag.KEEP_ON_DEATH), types, beats, false),
                new Input.Attach("worker", start, null, Set.of(), List.of(restarting()), null, true),
                new Input.Attach("by-pid", null, process(50), Set.of(), List.of(), false),
                new Input.Attach("later", null, null, Set.of(EntityFlag.KEEP_ON_DEATH), List.of(), false),
                new Input.Attach("broken", StartSpec.of(List.of("/nowhere")), null, Set.of(), List.of(), false),
                new Input.AttachSelf("printer", process(60), null, beats, Set.of(), 1000),
                new Input.AddCondition("*", condition(ConditionType.DEATH)),
                new Input.AddCondition("later", condition(ConditionType.ATTACH)),
                new Input.AddAction("later", "attach", 0, action("more", "execute", Set.of())),
                new Input.AddFailItem("later", "attach", "more", 0, action("instead", "log", Set.of())),
                new Input.ChangeFlags(
                        "later", "attach", null, 0, FlagChange.ADD, Set.of(), Set.of(ConditionFlag.REARM), Set.of()));
    }

    private void live(Leader leader) {
        var web = leader.state().entity("web").orElseThrow().process();
        var known = java.util.Objects.requireNonNull(web);
        all(
                leader,
                new Input.Verbosity(2),
                new Input.Enable("later", "attach", "more", false, false),
                new Input.Remove("later", "attach", "first", null),
                new Input.RaiseFor("web", 0, 1, 2, 3),
                new Input.Missed("web", known, Beating.MISSED_LOW, 2),
                new Input.Missed("web", known, Beating.MISSED_HIGH, 5),
                new Input.BeatsAgain("web", known),
                new Input.Missed("web", known, Beating.MISSED_LOW, 2),
                new Input.Heal("web", 0),
                new Input.Heartbeats(false),
                new Input.Heartbeats(true),
                new Input.Said("web", known, Input.Said.Word.READY),
                new Input.Text("web", known, "serving"),
                new Input.MainProcess("worker", process(202), process(70)),
                new Input.Signalled("web", known.pid(), "SIGTERM", "on-remove: stop"),
                new Input.Detach("by-pid"),
                new Input.Missed("printer", process(60), Beating.MISSED_LOW, 2),
                new Input.Alarm("config", "entities/x.yaml: line 3: no such key"),
                new Input.Alarm("view", "cannot be mounted"),
                new Input.Alarm("view", ""),
                new Input.Found("journal", "something worth knowing"),
                new Input.Upgrading("/opt/ham-1", "/opt/ham-2", 103, List.of("extra.jar")),
                new Input.UpgradeEnded("it did not come up"),
                new Input.Upgrading("/opt/ham-1", "/opt/ham-2", 104, List.of()),
                new Input.GuardianFailed(101, "was ended by SIGKILL"),
                new Input.GuardianStarted(102),
                new Input.GuardianReady(102));
    }

    /** What is in progress at the end: lists that run, a restart that is decided and has an outcome, and one that has none. */
    private void die(Leader leader) {
        var worker = java.util.Objects.requireNonNull(
                leader.state().entity("worker").orElseThrow().process());
        all(leader, new Input.Died("worker", worker, ExitReason.exited(3)));
        var first = leader.state()
                .entity("worker")
                .orElseThrow()
                .lanes()
                .getFirst()
                .runs()
                .getFirst();
        all(leader, new Input.Finished("worker", String.valueOf(first.invocation()), false, "it took too long"));
        var web = java.util.Objects.requireNonNull(
                leader.state().entity("web").orElseThrow().process());
        all(leader, new Input.Attach("halfway", StartSpec.of(List.of("/bin/true")), null, Set.of(), List.of(), false));
        all(leader, new Input.Died("web", web, ExitReason.signalled("SIGSEGV", true)));
    }

    private static Condition restarting() {
        return new Condition(
                "died",
                ConditionType.DEATH,
                Set.of(ConditionFlag.REARM),
                true,
                List.of(
                        action("first", "waitfor", Set.of(ActionFlag.REARM, ActionFlag.KEEP_ON_FAIL)),
                        restart(),
                        action("last", "execute", Set.of(ActionFlag.REARM))));
    }

    private static Action restart() {
        return new Action("restart", "restart", Map.of(), Set.of(ActionFlag.REARM), true, List.of(), true, null, false);
    }

    private static Action action(String name, String type, Set<ActionFlag> flags) {
        return new Action(
                name,
                type,
                Map.of("command", List.of("/bin/true"), "delay", "5s", "verbosity", 3L, "really", true),
                flags,
                true,
                List.of(new Action(
                        "fails", "log", Map.of("message", "failed"), Set.of(), true, List.of(), false, null, false)),
                false,
                null,
                type.equals("waitfor"));
    }

    private static Condition condition(ConditionType type) {
        var flags = switch (type) {
            case DEATH -> Set.of(ConditionFlag.REARM, ConditionFlag.NO_WAIT);
            case STATE -> Set.of(ConditionFlag.NO_REARM, ConditionFlag.INDEPENDENT);
            case RAISE -> Set.of(ConditionFlag.KEEP_ON_EMPTY);
            default -> Set.<ConditionFlag>of();
        };
        var onState = new StateMatch(new StateSet(Set.of(0, 1), false), new StateSet(Set.of(4), true));
        var onRaise = new RaiseMatch(Optional.of(1), Optional.empty(), Optional.of(3), true);
        return new Condition(
                type.word(),
                type,
                flags,
                type != ConditionType.ANY,
                List.of(
                        action("first", "execute", Set.of(ActionFlag.BREAK_ON_FAIL)),
                        action("second", "log", Set.of())),
                type == ConditionType.STATE ? onState : null,
                type == ConditionType.RAISE ? onRaise : null,
                0);
    }

    /** The state as users and the next HAM see it: tree, status, alarms, requests, and what is in progress. */
    static JsonObject view(State state) {
        var view = new JsonObject();
        view.add("tree", Shown.of(Views.tree(state)));
        view.add("status", Shown.of(Views.status(state)));
        view.add("alarms", Shown.of(new java.util.TreeMap<>(state.alarms())));
        view.add("requests", Shown.of(List.copyOf(state.requests().order())));
        view.addProperty("instance", state.instance());
        view.add("upgrade", Shown.of(state.upgrade()));
        var progress = new JsonArray();
        state.entities().values().stream()
                .sorted(Comparator.comparing(org.ham.core.engine.Entity::name))
                .forEach(entity -> {
                    if (entity.pending() != null) {
                        progress.add(
                                entity.name() + ": start " + entity.pending().invocation());
                    }
                    entity.lanes()
                            .forEach(lane -> lane.runs()
                                    .forEach(run -> progress.add(entity.name() + ": "
                                            + lane.key() + ": " + run.owner() + "/" + run.condition() + " of line "
                                            + run.trigger().seq() + ", "
                                            + run.todo().stream()
                                                    .map(Action::name)
                                                    .toList() + ", in flight " + run.invocation())));
                });
        view.add("inProgress", progress);
        return view;
    }

    /** Two states that are the same, but for the lines that requests came to: a snapshot has their ids only. */
    static void requireSame(State one, State other) {
        assertThat(one.entities().keySet()).isEqualTo(other.entities().keySet());
        one.entities()
                .forEach((name, entity) -> assertThat(entity)
                        .as("entity %s", name)
                        .isEqualTo(other.entities().get(name)));
        assertThat(one.global()).isEqualTo(other.global());
        assertThat(view(one)).isEqualTo(view(other));
    }

    /** What the stored one must give. */
    static JsonElement expected(Path dir) throws IOException {
        return JsonParser.parseString(Files.readString(dir.resolve(TREE), UTF_8));
    }
}
