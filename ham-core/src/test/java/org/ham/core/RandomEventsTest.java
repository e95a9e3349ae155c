package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.ham.api.ActionFlag;
import org.ham.api.Actor;
import org.ham.api.Beating;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.FlagChange;
import org.ham.api.HamPath;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Effect;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Input;
import org.ham.core.engine.Limits;
import org.ham.core.engine.Sim;
import org.ham.core.engine.Stamp;
import org.ham.core.engine.State;
import org.ham.journal.EventJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random requests, deaths, outcomes and takeovers against the fold, with what must always hold checked after each step. The
 * seed is the test's name; {@code -Dham.test.seed=N} runs one, {@code -Dham.test.steps=N} sets the length.
 */
class RandomEventsTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> CONDITIONS = List.of("x", "y", "z");
    private static final List<String> ACTIONS = List.of("p", "q", "r");

    private final Sim sim = new Sim();
    private final Map<ProcessId, String> alive = new HashMap<>();
    private final Map<String, Effect.Start> starts = new HashMap<>();
    private final Map<String, Effect.Invoke> invokes = new HashMap<>();
    private final Map<String, ProcessId> monitored = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private Random random = new Random(0);
    private long nextPid = 1000;
    private int seen;

    static LongStream seeds() {
        var one = Long.getLong("ham.test.seed");
        return one != null ? LongStream.of(one) : new Random().longs(20, 0, Long.MAX_VALUE);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatMustHoldHoldsAfterEveryStep(long seed) {
        random = new Random(seed);
        var steps = Integer.getInteger("ham.test.steps", 1500);
        for (int i = 0; i < steps; i++) {
            sim.apply(next());
            takeEffects();
            checkInvariants(seed, i);
        }
        checkReplay(seed);
        checkSnapshot(seed);
        quiesce();
        assertThat(sim.state.entities().values())
                .as("seed %d: nothing is left over once every outcome is in", seed)
                .allSatisfy(e -> {
                    assertThat(e.lanes()).isEmpty();
                    assertThat(e.pending()).isNull();
                });
    }

    private Input next() {
        return switch (random.nextInt(22)) {
            case 0, 1 ->
                new Input.Attach(
                        name(),
                        random.nextBoolean() ? start() : null,
                        random.nextInt(3) == 0 ? process() : null,
                        random.nextInt(3) == 0 ? Set.of(EntityFlag.KEEP_ON_DEATH) : Set.of(),
                        conditions(),
                        heartbeat(),
                        random.nextInt(3) == 0);
            case 2 -> new Input.Detach(name(), 0, random.nextInt(3) == 0);
            case 3 -> new Input.AddCondition(random.nextInt(8) == 0 ? HamPath.GLOBAL : name(), condition());
            case 4 -> new Input.AddAction(name(), pick(CONDITIONS), action());
            case 5 -> new Input.Remove(name(), pick(CONDITIONS), random.nextBoolean() ? pick(ACTIONS) : null, null);
            case 6 ->
                new Input.Enable(
                        name(),
                        random.nextBoolean() ? pick(CONDITIONS) : null,
                        null,
                        random.nextInt(3) > 0,
                        random.nextBoolean());
            case 7, 8, 9, 10 -> death();
            case 16, 17 -> attachSelf();
            case 18, 19, 20 -> sign();
            case 21 -> command();
            case 11 -> random.nextInt(20) == 0 ? reign() : outcome();
            default -> outcome();
        };
    }

    private Input reign() {
        return switch (random.nextInt(5)) {
            case 0 -> new Input.HandedOver(nextPid++);
            case 1 -> new Input.Upgrading("/a", "/b", nextPid++, List.of("abc /x.jar"));
            case 2 -> new Input.UpgradeEnded(random.nextBoolean() ? "" : "no");
            case 3 -> new Input.Led("handed-over", nextPid++, 1, "x");
            default -> new Input.Led("took-over", nextPid++, 1, "x");
        };
    }

    private Input attachSelf() {
        var known = sim.state.entity(name()).orElse(null);
        var process = known != null && known.process() != null && random.nextBoolean() ? known.process() : process();
        return new Input.AttachSelf(
                known != null ? known.name() : name(),
                process,
                known != null && random.nextInt(3) == 0 ? known.process() : null,
                heartbeat(),
                Set.of(),
                1000);
    }

    private @Nullable HeartbeatSpec heartbeat() {
        return random.nextInt(3) == 0
                ? null
                : new HeartbeatSpec(Duration.ofMillis(1 + random.nextInt(3)), 1, 2, random.nextBoolean());
    }

    /** What an entity or a detector tells, mostly of the process it has. */
    private Input sign() {
        var name = name();
        var process = sim.state
                .entity(name)
                .map(Entity::process)
                .filter(_ -> random.nextInt(8) > 0)
                .orElseGet(this::process);
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                new Input.Missed(name, process, random.nextBoolean() ? Beating.MISSED_LOW : Beating.MISSED_HIGH, 3);
            case 2 -> new Input.BeatsAgain(name, process);
            case 3 -> new Input.Said(name, process, pick(List.of(Input.Said.Word.values())));
            case 4 -> new Input.Text(name, process, "text " + random.nextInt(2));
            case 5 -> new Input.MainProcess(name, process, process());
            case 6 -> new Input.Lost(name, process);
            default -> new Input.ReportState(name, 0, random.nextInt(3));
        };
    }

    private Input command() {
        return switch (random.nextInt(5)) {
            case 0 -> new Input.Heal(name(), 0);
            case 1 -> new Input.Heartbeats(random.nextBoolean());
            case 2 -> new Input.RaiseFor(name(), 0, random.nextInt(2), random.nextInt(2), random.nextInt(3));
            case 3 ->
                new Input.ChangeFlags(
                        name(),
                        pick(CONDITIONS),
                        null,
                        0,
                        pick(List.of(FlagChange.values())),
                        Set.of(),
                        some(ConditionFlag.class),
                        Set.of());
            default -> new Input.ReportState(name(), random.nextInt(50), 1);
        };
    }

    private Input death() {
        if (alive.isEmpty()) {
            return outcome();
        }
        var dying = pick(List.copyOf(alive.keySet()));
        var entity = Objects.requireNonNull(alive.remove(dying));
        return new Input.Died(
                entity,
                dying,
                random.nextBoolean() ? ExitReason.exited(1) : ExitReason.signalled("SIGSEGV", random.nextBoolean()));
    }

    private Input outcome() {
        if (!starts.isEmpty() && random.nextBoolean()) {
            var start = pick(List.copyOf(starts.values()));
            starts.remove(start.invocation());
            if (random.nextInt(5) == 0) {
                return new Input.StartFailed(start.entity(), start.invocation(), "no");
            }
            var process = process();
            alive.put(process, start.entity());
            return new Input.Started(start.entity(), start.invocation(), process);
        }
        if (invokes.isEmpty()) {
            return new Input.Finished(name(), "nobody", true, "");
        }
        var invoke = pick(List.copyOf(invokes.values()));
        invokes.remove(invoke.invocation());
        done.add(invoke.invocation());
        return new Input.Finished(invoke.entity(), invoke.invocation(), random.nextInt(3) > 0, "");
    }

    private void takeEffects() {
        for (; seen < sim.effects.size(); seen++) {
            switch (sim.effects.get(seen)) {
                case Effect.Start start -> {
                    assertThat(start.resumed() || !starts.containsKey(start.invocation()))
                            .as("start %s once", start.invocation())
                            .isTrue();
                    starts.put(start.invocation(), start);
                }
                case Effect.Invoke invoke -> {
                    assertThat(done)
                            .as("no action runs again after its outcome")
                            .doesNotContain(invoke.invocation());
                    invokes.put(invoke.invocation(), invoke);
                }
                case Effect.Watch watch -> alive.put(watch.process(), watch.entity());
                case Effect.Unwatch unwatch -> alive.remove(unwatch.process());
                case Effect.Monitor monitor -> monitored.put(monitor.entity(), monitor.process());
                case Effect.Forget forget -> monitored.remove(forget.entity());
            }
        }
    }

    private void checkInvariants(long seed, int step) {
        var where = "seed " + seed + " step " + step;
        var toWatch = new HashMap<String, ProcessId>();
        if (!sim.state.suspended()) {
            sim.state.entities().values().stream()
                    .filter(Entity::isMonitored)
                    .forEach(e -> toWatch.put(e.name(), Objects.requireNonNull(e.process())));
        }
        assertThat(monitored)
                .as("%s: just those are watched that are to be", where)
                .isEqualTo(toWatch);
        for (var entity : sim.state.entities().values()) {
            assertThat(entity.process() != null)
                    .as("%s: %s has a process just when it runs", where, entity)
                    .isEqualTo(entity.status() == Entity.Status.RUNNING);
            if (entity.pending() != null) {
                assertThat(entity.status())
                        .as("%s: a start is in flight", where)
                        .isIn(Entity.Status.STARTING, Entity.Status.DEAD, Entity.Status.DETACHING);
            }
            assertThat(entity.status() == Entity.Status.STARTING && entity.pending() == null)
                    .as(where)
                    .isFalse();
            for (var lane : entity.lanes()) {
                assertThat(lane.runs()).as("%s: no empty lane is kept", where).isNotEmpty();
                assertThat(lane.runs().getFirst().invocation())
                        .as("%s: the head of a lane is in flight", where)
                        .isNotNull();
                assertThat(lane.runs().stream().skip(1))
                        .as("%s: nothing else in a lane is", where)
                        .allMatch(run -> run.invocation() == null);
            }
            if (entity.status() == Entity.Status.DEAD || entity.status() == Entity.Status.DETACHING) {
                assertThat(!entity.lanes().isEmpty() || entity.pending() != null)
                        .as("%s: %s waits for something", where, entity.name())
                        .isTrue();
            }
            assertThat(entity.conditions().stream()
                            .flatMap(c -> c.actions().stream())
                            .filter(Action::restarts)
                            .count())
                    .as("%s: at most one restart", where)
                    .isLessThanOrEqualTo(1);
        }
        var seqs = sim.lines.stream().map(Event::seq).toList();
        if (!seqs.isEmpty()) {
            assertThat(seqs.getLast() - seqs.getFirst() + 1)
                    .as("%s: no gap in seq", where)
                    .isEqualTo(seqs.size());
        }
        assertThat(sim.lines.stream().filter(e -> e.cause().isPresent()))
                .as("%s: a cause comes before its effect", where)
                .allMatch(e -> e.cause().getAsLong() < e.seq());
        sim.lines.clear();
    }

    private void checkReplay(long seed) {
        var engine = new Engine(Limits.DEFAULT);
        var state = State.empty();
        for (int i = 0; i < sim.batches.size(); i++) {
            var first = InputCodec.encode(sim.batches.get(i).getFirst(), sim.inputs.get(i));
            var read = EventJson.read(EventJson.write(first));
            var input = InputCodec.decode(read).orElseThrow();
            assertThat(input).as("seed %d batch %d", seed, i).isEqualTo(sim.inputs.get(i));
            var stamp = new Stamp(
                    read.seq(),
                    read.epoch(),
                    read.time(),
                    read.mono(),
                    read.actor().orElse(Actor.part("x")));
            var decision = engine.step(state, input, stamp);
            assertThat(decision.lines()).as("seed %d batch %d", seed, i).hasSameSizeAs(sim.batches.get(i));
            state = decision.state();
        }
        assertThat(state).as("seed %d: the mirror is the original", seed).isEqualTo(sim.state);
    }

    private void checkSnapshot(long seed) {
        assertThat(StateCodec.read(StateCodec.write(sim.state)))
                .as("seed %d", seed)
                .isEqualTo(sim.state);
    }

    private void quiesce() {
        for (int i = 0; i < 100_000 && (!starts.isEmpty() || !invokes.isEmpty()); i++) {
            sim.apply(outcome());
            takeEffects();
        }
    }

    private String name() {
        return pick(NAMES);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private ProcessId process() {
        var pid = nextPid++;
        return new ProcessId(pid, pid, pid, "boot");
    }

    private StartSpec start() {
        return StartSpec.of(List.of("/bin/daemon", Integer.toString(random.nextInt(3))));
    }

    private List<Condition> conditions() {
        var all = new ArrayList<Condition>();
        for (var name : CONDITIONS) {
            if (random.nextBoolean()) {
                all.add(condition(name));
            }
        }
        return all;
    }

    private Condition condition() {
        return condition(pick(CONDITIONS));
    }

    private Condition condition(String name) {
        var type = random.nextInt(3) > 0 ? ConditionType.DEATH : pick(List.of(ConditionType.values()));
        var actions = new ArrayList<Action>();
        for (var each : ACTIONS) {
            if (random.nextBoolean()) {
                actions.add(action(each));
            }
        }
        return new Condition(
                name,
                type,
                some(ConditionFlag.class),
                true,
                actions,
                type == ConditionType.STATE ? new StateMatch(StateSet.not(Set.of(1)), StateSet.exactly(0)) : null,
                type == ConditionType.RAISE
                        ? new RaiseMatch(Optional.empty(), Optional.of(1), Optional.of(1), random.nextBoolean())
                        : null,
                0);
    }

    private Action action() {
        return action(pick(ACTIONS));
    }

    private Action action(String name) {
        var restarts = random.nextInt(3) == 0;
        var items = random.nextInt(3) == 0
                ? List.of(new Action("f", "log", Map.of(), Set.of(), true, List.of(), false, null, false))
                : List.<Action>of();
        return new Action(
                name,
                restarts ? "restart" : "execute",
                Map.of("n", (long) random.nextInt(3)),
                some(ActionFlag.class),
                true,
                items,
                restarts,
                restarts && random.nextBoolean() ? List.of("/bin/other") : null,
                !restarts && random.nextInt(6) == 0);
    }

    private <E extends Enum<E>> Set<E> some(Class<E> type) {
        var set = new HashSet<E>();
        for (var value : type.getEnumConstants()) {
            if (random.nextInt(3) == 0) {
                set.add(value);
            }
        }
        return set;
    }
}
