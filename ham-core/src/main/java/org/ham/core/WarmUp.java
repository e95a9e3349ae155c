package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Decision;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.core.engine.Stamp;
import org.ham.core.engine.State;
import org.ham.journal.EventJson;
import org.ham.spi.Host;

/**
 * Goes the way of a recovery a few hundred times in a world of its own, so that the first real one does not pay for loading
 * and compiling classes. Touches no entity, and the outside world only by starting {@code /bin/true} a few times.
 */
final class WarmUp implements Runnable {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final int FOLDS = 300;
    private static final int STARTS = 5;
    private static final String NAME = "warm-up";
    private static final ProcessId PROCESS = new ProcessId(1, 1, 1, "none");

    private final Host host;
    private final Engine engine;

    WarmUp(Host host, Engine engine) {
        this.host = host;
        this.engine = engine;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < FOLDS && !Thread.currentThread().isInterrupted(); i++) {
                fold();
            }
            var start = new StartSpec(
                    List.of("/bin/true"),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Map.of(),
                    Optional.of("/dev/null"));
            for (int i = 0; i < STARTS && !Thread.currentThread().isInterrupted(); i++) {
                var process = host.start(NAME, start, Map.of());
                host.watch(process, _ -> host.unwatch(process));
            }
        } catch (HamException e) {
            LOG.log(Level.DEBUG, "Warm-up ended early: {0}", e.getMessage());
        }
    }

    /** A death and its restart, folded, written and read back. */
    private void fold() {
        var action = new Action(
                "restart", "restart", Map.of(), Set.of(ActionFlag.REARM), true, List.of(), true, null, false);
        var condition = new Condition("died", ConditionType.DEATH, Set.of(ConditionFlag.REARM), true, List.of(action));
        var state = step(State.empty(), new Input.Led("started", 1, 0, "w"));
        state = step(
                state,
                new Input.Attach(
                        NAME, StartSpec.of(List.of("/bin/true")), PROCESS, Set.of(), List.of(condition), false));
        state = step(state, new Input.Died(NAME, PROCESS, ExitReason.signalled("SIGKILL", false)));
        var pending = Objects.requireNonNull(state.entity(NAME).orElseThrow().pending());
        step(state, new Input.Started(NAME, pending.invocation(), PROCESS));
    }

    private State step(State state, Input input) {
        Decision decision =
                engine.step(state, input, new Stamp(state.seq() + 1, 1, Instant.EPOCH, 0, Actor.part(NAME)));
        for (var line : decision.lines()) {
            EventJson.read(EventJson.write(InputCodec.encode(line, input)));
        }
        return decision.state();
    }
}
