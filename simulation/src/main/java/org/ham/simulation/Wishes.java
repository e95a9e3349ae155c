package org.ham.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.Beating;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
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
import org.ham.core.engine.Entity;
import org.ham.core.engine.Input;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask for and entities tell. The names carry what audits need: {@code s0} and {@code s1} are attached with a restart
 * and then left alone; a condition's name says which lane it runs in; an action's number grows with its place in the list.
 */
final class Wishes {
    static final List<String> STEADY = List.of("s0", "s1");
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> CONDITIONS = List.of("n", "i", "x", "y");

    private static final int OUTSIDERS = 12;

    private final World world;
    private final Dice dice;
    private int actions;

    Wishes(World world) {
        this.world = world;
        this.dice = world.dice;
    }

    Input next() {
        var state = world.leaderState();
        for (var name : STEADY) {
            if (state != null
                    && state.entity(name)
                            .filter(e -> e.status() != Entity.Status.UNATTACHED)
                            .isEmpty()) {
                return steady(name);
            }
        }
        return switch (dice.below(16)) {
            case 0, 1, 2, 3 -> attach();
            case 4 -> new Input.Detach(name(), 0, dice.oneIn(4));
            case 5 -> new Input.AddCondition(dice.oneIn(6) ? HamPath.GLOBAL : name(), condition(dice.pick(CONDITIONS)));
            case 6, 7 -> new Input.AddAction(dice.oneIn(8) ? HamPath.GLOBAL : name(), dice.pick(CONDITIONS), action());
            case 8 -> new Input.Remove(dice.oneIn(8) ? HamPath.GLOBAL : name(), dice.pick(CONDITIONS), null, null);
            case 9 ->
                new Input.Enable(
                        name(), dice.oneIn(2) ? dice.pick(CONDITIONS) : null, null, !dice.oneIn(3), dice.oneIn(2));
            case 10, 11 -> attachSelf();
            case 12 -> new Input.RaiseFor(name(), 0, dice.below(2), dice.below(2), dice.below(3));
            case 13 -> new Input.ReportState(name(), 0, dice.below(3));
            case 14 -> command();
            default ->
                new Input.AddFailItem(
                        name(), dice.pick(CONDITIONS), "w" + dice.below(1 + actions), plain("f" + dice.below(3)));
        };
    }

    private Input command() {
        return switch (dice.below(6)) {
            case 0 -> new Input.Heal(name(), 0);
            case 1 -> new Input.Heartbeats(!dice.oneIn(3));
            case 2 -> new Input.Verbosity(dice.below(3));
            case 3 -> dice.oneIn(6) ? new Input.Stop() : new Input.Heal(name(), 0);
            default ->
                new Input.ChangeFlags(
                        name(),
                        dice.pick(CONDITIONS),
                        null,
                        0,
                        dice.oneIn(2) ? FlagChange.ADD : FlagChange.REMOVE,
                        Set.of(),
                        EnumSet.of(dice.oneIn(2) ? ConditionFlag.REARM : ConditionFlag.KEEP_ON_EMPTY),
                        Set.of());
        };
    }

    private Input steady(String name) {
        var restart = new Action(
                "restart",
                "restart",
                Map.of(),
                EnumSet.of(ActionFlag.REARM, ActionFlag.KEEP_ON_FAIL),
                true,
                List.of(),
                true,
                null,
                false);
        var before = new Action(
                "w" + ++actions,
                Work.TYPE,
                Map.of(),
                EnumSet.of(ActionFlag.REARM, ActionFlag.KEEP_ON_FAIL),
                true,
                List.of(),
                false,
                null,
                false);
        var died = new Condition(
                "died",
                ConditionType.DEATH,
                EnumSet.of(ConditionFlag.REARM),
                true,
                dice.oneIn(2) ? List.of(restart) : List.of(before, restart));
        return new Input.Attach(
                name, StartSpec.of(List.of("/bin/" + name)), null, Set.of(), List.of(died), heartbeat(), false);
    }

    private Input attach() {
        return new Input.Attach(
                name(),
                dice.oneIn(4) ? null : StartSpec.of(List.of("/bin/daemon", Integer.toString(dice.below(3)))),
                dice.oneIn(4) ? outsider() : null,
                dice.oneIn(3) ? EnumSet.of(EntityFlag.KEEP_ON_DEATH) : Set.of(),
                conditions(),
                heartbeat(),
                dice.oneIn(3));
    }

    /** A program that HAM has not started. */
    private ProcessId outsider() {
        var all = world.kernel.processes.values().stream()
                .filter(p -> p.environment.containsKey("OUTSIDER"))
                .toList();
        if (all.size() >= OUTSIDERS) {
            return dice.pick(all).id;
        }
        return world.kernel.spawn(Map.of("OUTSIDER", "yes"), 1).id;
    }

    /** Mostly the process the entity has. */
    private Input attachSelf() {
        var name = name();
        var own = process(name);
        var process = own != null && !dice.oneIn(3) ? own : outsider();
        return new Input.AttachSelf(name, process, dice.oneIn(3) ? own : null, heartbeat(), Set.of(), 1000);
    }

    private @Nullable ProcessId process(String name) {
        var state = world.leaderState();
        return state == null ? null : state.entity(name).map(Entity::process).orElse(null);
    }

    /** Something an entity or a detector tells. */
    void sign(Node server) {
        var name = dice.oneIn(4) ? dice.pick(STEADY) : name();
        var process = process(name);
        if (process == null) {
            return;
        }
        var steady = STEADY.contains(name);
        var sign = switch (dice.below(steady ? 6 : 8)) {
            case 0, 1 -> new Input.Missed(name, process, dice.oneIn(2) ? Beating.MISSED_LOW : Beating.MISSED_HIGH, 3);
            case 2 -> new Input.BeatsAgain(name, process);
            case 3, 4 -> new Input.Said(name, process, dice.pick(List.of(Input.Said.Word.values())));
            case 5 -> new Input.Text(name, process, "text " + dice.below(2));
            case 6 -> new Input.MainProcess(name, process, outsider());
            default -> new Input.Lost(name, process);
        };
        world.trace.add("told: ", sign);
        server.theCore().report(sign);
    }

    private @Nullable HeartbeatSpec heartbeat() {
        return dice.oneIn(2) ? null : new HeartbeatSpec(Duration.ofMillis(1 + dice.below(3)), 1, 2, dice.oneIn(2));
    }

    private List<Condition> conditions() {
        var all = new ArrayList<Condition>();
        var restarts = false;
        for (var name : CONDITIONS) {
            if (dice.oneIn(2)) {
                var condition = condition(name);
                // More than one is refused; that is tried sometimes, not most of the time.
                if (!restarts || dice.oneIn(10) || condition.actions().stream().noneMatch(Action::restarts)) {
                    all.add(condition);
                    restarts |= condition.actions().stream().anyMatch(Action::restarts);
                }
            }
        }
        return all;
    }

    private Condition condition(String name) {
        var type = dice.oneIn(3)
                ? dice.pick(List.of(ConditionType.values()))
                : dice.oneIn(4) ? ConditionType.ABNORMAL_DEATH : ConditionType.DEATH;
        var list = new ArrayList<Action>();
        for (var left = dice.below(4); left > 0; left--) {
            var action = action();
            if (!action.restarts() || type.isDeath() && list.stream().noneMatch(Action::restarts)) {
                list.add(action);
            }
        }
        var flags = EnumSet.noneOf(ConditionFlag.class);
        switch (name) {
            case "n" -> flags.add(ConditionFlag.NO_WAIT);
            case "i" -> flags.add(ConditionFlag.INDEPENDENT);
            default -> {}
        }
        if (!dice.oneIn(3)) {
            flags.add(ConditionFlag.REARM);
        }
        if (dice.oneIn(3)) {
            flags.add(ConditionFlag.KEEP_ON_EMPTY);
        }
        return new Condition(
                name,
                type,
                flags,
                true,
                list,
                type == ConditionType.STATE ? new StateMatch(StateSet.ANY, StateSet.ANY) : null,
                type == ConditionType.RAISE
                        ? new RaiseMatch(Optional.empty(), Optional.of(1), Optional.of(1), dice.oneIn(2))
                        : null,
                0);
    }

    private Action action() {
        var restarts = dice.oneIn(3);
        var name = "w" + ++actions;
        var flags = EnumSet.noneOf(ActionFlag.class);
        for (var flag : ActionFlag.values()) {
            if (dice.oneIn(3) && flag != ActionFlag.DO_NOW) {
                flags.add(flag);
            }
        }
        if (!restarts && dice.oneIn(8)) {
            flags.add(ActionFlag.DO_NOW);
        }
        return new Action(
                name,
                restarts ? "restart" : Work.TYPE,
                Map.of(),
                flags,
                true,
                dice.oneIn(3) ? List.of(plain("f" + dice.below(3))) : List.of(),
                restarts,
                restarts && dice.oneIn(3) ? List.of("/bin/other") : null,
                false);
    }

    private static Action plain(String name) {
        return new Action(name, Work.TYPE, Map.of(), Set.of(), true, List.of(), false, null, false);
    }

    private String name() {
        return dice.pick(NAMES);
    }
}
