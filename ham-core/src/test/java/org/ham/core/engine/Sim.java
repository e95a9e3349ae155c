package org.ham.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.ham.api.StateMatch;
import org.jspecify.annotations.Nullable;

/** A simulated world around the fold: keeps its lines and effects, and plays the outcomes that a test decides on. */
public final class Sim {
    static final StartSpec START = StartSpec.of(List.of("/bin/daemon"));

    public State state = State.empty();
    public final List<Event> lines = new ArrayList<>();
    public final List<List<Event>> batches = new ArrayList<>();
    public final List<Input> inputs = new ArrayList<>();
    public final List<Effect> effects = new ArrayList<>();
    private final Engine engine;
    private long nextPid = 100;
    private long mono = 1;

    public Sim() {
        this(Limits.DEFAULT);
    }

    Sim(Limits limits) {
        engine = new Engine(limits);
        apply(new Input.Led("started", 10, 0, "w"));
        clear();
    }

    /** Folds an input and keeps what comes of it. */
    public Decision apply(Input input) {
        mono += 1000;
        var stamp = new Stamp(state.seq() + 1, 1, Instant.EPOCH.plusNanos(mono), mono, new Actor("test", 0, 1));
        var decision = engine.step(state, input, stamp);
        state = decision.state();
        lines.addAll(decision.lines());
        effects.addAll(decision.effects());
        if (!decision.lines().isEmpty()) {
            batches.add(decision.lines());
            inputs.add(input);
        }
        return decision;
    }

    void clear() {
        lines.clear();
        effects.clear();
    }

    ProcessId process() {
        var pid = nextPid++;
        return new ProcessId(pid, pid * 7, pid * 13, "boot");
    }

    /** Attaches a running entity with these conditions. */
    Entity running(String name, Condition... conditions) {
        apply(new Input.Attach(name, START, process(), Set.of(), List.of(conditions), false));
        clear();
        return entity(name);
    }

    Entity entity(String name) {
        return state.entity(name).orElseThrow();
    }

    boolean exists(String name) {
        return state.entity(name).isPresent();
    }

    void die(String name) {
        die(name, ExitReason.signalled("SIGKILL", false));
    }

    void die(String name, ExitReason reason) {
        apply(new Input.Died(name, java.util.Objects.requireNonNull(entity(name).process()), reason));
    }

    /** The start that is in flight succeeds. */
    void startSucceeds(String name) {
        var pending = java.util.Objects.requireNonNull(entity(name).pending());
        apply(new Input.Started(name, pending.invocation(), process()));
    }

    void startFails(String name) {
        var pending = java.util.Objects.requireNonNull(entity(name).pending());
        apply(new Input.StartFailed(name, pending.invocation(), "no such file"));
    }

    /** What is in flight in the lanes of an entity, as condition/action. */
    List<String> inFlight(String name) {
        return state.entity(name)
                .map(e -> e.lanes().stream()
                        .filter(l -> l.head().invocation() != null)
                        .map(l ->
                                l.head().condition() + "/" + l.head().current().name())
                        .toList())
                .orElse(List.of());
    }

    /** Ends what a condition of an entity has in flight. */
    void end(String name, String conditionAction, boolean ok) {
        var run = entity(name).lanes().stream()
                .map(Lane::head)
                .filter(r -> r.invocation() != null
                        && conditionAction.equals(
                                r.condition() + "/" + r.current().name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(conditionAction + " is not in flight, but " + inFlight(name)));
        apply(new Input.Finished(name, java.util.Objects.requireNonNull(run.invocation()), ok, ok ? "" : "it broke"));
    }

    void ok(String name, String conditionAction) {
        end(name, conditionAction, true);
    }

    void fails(String name, String conditionAction) {
        end(name, conditionAction, false);
    }

    /** The types of the lines since the last clear, with condition and action where they have any. */
    List<String> told() {
        return lines.stream().map(Sim::text).toList();
    }

    private static String text(Event event) {
        return event.type()
                + event.condition().map(c -> " " + c).orElse("")
                + event.action().map(a -> "/" + a).orElse("");
    }

    Optional<Event> line(String type) {
        return lines.stream().filter(e -> e.type().equals(type)).findFirst();
    }

    List<String> started() {
        return effects.stream()
                .filter(Effect.Start.class::isInstance)
                .map(e -> ((Effect.Start) e).entity())
                .toList();
    }

    static Condition condition(String name, ConditionType type, Set<ConditionFlag> flags, Action... actions) {
        return new Condition(name, type, flags, true, List.of(actions));
    }

    static Condition onDeath(String name, Action... actions) {
        return condition(name, ConditionType.DEATH, Set.of(ConditionFlag.REARM), actions);
    }

    static Action log(String name, ActionFlag... flags) {
        return action(name, "log", false, List.of(), flags);
    }

    static Action waits(String name, ActionFlag... flags) {
        return new Action(name, "waitfor", Map.of(), Set.of(flags), true, List.of(), false, null, true);
    }

    static Action restart(ActionFlag... flags) {
        return action("restart", "restart", true, List.of(), flags);
    }

    static Action failing(String name, List<Action> onFail, ActionFlag... flags) {
        return action(name, "execute", false, onFail, flags);
    }

    private static Action action(String name, String type, boolean restarts, List<Action> onFail, ActionFlag... flags) {
        return new Action(
                name, type, Map.of(), Set.of(flags), true, onFail, restarts, (@Nullable List<String>) null, false);
    }

    static Input.Attach attach(String name, EntityFlag... flags) {
        return new Input.Attach(name, START, null, Set.of(flags), List.of(), false);
    }

    // ---- what entities tell of themselves ----

    /** Attaches a running entity whose marks are 2 and 5. */
    ProcessId beating(boolean selfHealing) {
        apply(new Input.Attach(
                "web",
                START,
                process(),
                Set.of(),
                List.of(
                        condition("low", ConditionType.HEARTBEAT_MISSED_LOW, Set.of(), log("log")),
                        condition("high", ConditionType.HEARTBEAT_MISSED_HIGH, Set.of(), log("log")),
                        onDeath("died", restart(ActionFlag.REARM))),
                new HeartbeatSpec(Duration.ofSeconds(1), 2, 5, selfHealing),
                false));
        return java.util.Objects.requireNonNull(entity("web").process());
    }

    void missed(ProcessId process, Beating mark) {
        apply(new Input.Missed("web", process, mark, 2));
    }

    void report(int state) {
        apply(new Input.ReportState("web", 0, state));
    }

    static Condition onState(String name, StateMatch match) {
        return new Condition(name, ConditionType.STATE, Set.of(), true, List.of(log("log")), match, null, 0);
    }

    static Condition onRaise(String name, RaiseMatch match) {
        return onRaise(name, match, log("log"));
    }

    static Condition onRaise(String name, RaiseMatch match, Action action) {
        return new Condition(name, ConditionType.RAISE, Set.of(), true, List.of(action), null, match, 0);
    }
}
