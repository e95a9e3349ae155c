package org.ham.core.engine;

import java.util.Map;
import org.ham.api.Beating;
import org.ham.api.ConditionType;

/** What entities tell of themselves and what others tell of them: states, raises, beats, readiness. Pure. */
final class Signs {
    private Signs() {}

    static void reportState(Step step, Input.ReportState input) {
        var entity = step.get(input.entity());
        var from = (long) entity.state();
        var to = (long) input.state();
        var seq = step.tell(Line.of("state")
                .entity(entity.name())
                .pid(pid(entity))
                .put(Trigger.FROM, from)
                .put(Trigger.TO, to));
        step.put(entity.withState(input.state()));
        fire(step, entity, ConditionType.STATE, seq, Map.of(Trigger.FROM, from, Trigger.TO, to));
    }

    static void raise(Step step, Input.RaiseFor input) {
        var entity = step.get(input.entity());
        var data = Map.of(
                Trigger.TYPE, (long) input.type(),
                Trigger.CATEGORY, (long) input.category(),
                Trigger.SEVERITY, (long) input.severity());
        var line = Line.of("raise").entity(entity.name()).pid(pid(entity));
        line.put(Trigger.TYPE, (long) input.type())
                .put(Trigger.CATEGORY, (long) input.category())
                .put(Trigger.SEVERITY, (long) input.severity());
        fire(step, entity, ConditionType.RAISE, step.tell(line), data);
    }

    private static void fire(Step step, Entity entity, ConditionType type, long seq, Map<String, Long> data) {
        Lanes.fire(step, entity.name(), new Trigger(type, seq, step.time(), pid(entity), null, data));
        Lanes.drain(step, entity.name());
    }

    private static long pid(Entity entity) {
        return entity.process() == null ? 0 : entity.process().pid();
    }

    // ---- beats ----

    static void missed(Step step, Input.Missed input) {
        var entity = step.get(input.entity());
        var low = input.mark() == Beating.MISSED_LOW;
        var seq = step.tell(Line.of(low ? "heartbeat-missed-low" : "heartbeat-missed-high")
                .entity(entity.name())
                .pid(input.process().pid())
                .put(Trigger.MISSED, (long) input.missed()));
        step.put(entity.withHealth(entity.health().with(input.mark())));
        fire(
                step,
                entity,
                low ? ConditionType.HEARTBEAT_MISSED_LOW : ConditionType.HEARTBEAT_MISSED_HIGH,
                seq,
                Map.of(Trigger.MISSED, (long) input.missed()));
    }

    static void beatsAgain(Step step, Input.BeatsAgain input) {
        step.tell(Line.of("heartbeat-again")
                .entity(input.entity())
                .pid(input.process().pid()));
        heal(step, input.entity());
    }

    static void healed(Step step, Input.Heal input) {
        step.tell(Line.of("heartbeat-healthy").entity(input.entity()));
        heal(step, input.entity());
    }

    /** Everything counts from now. */
    static void heal(Step step, String name) {
        var entity = step.get(name);
        step.put(entity.withHealth(entity.health().healed(step.stamp.mono())));
    }

    static void heartbeats(Step step, Input.Heartbeats input) {
        step.tell(Line.of(input.active() ? "heartbeats-resumed" : "heartbeats-suspended"));
        step.state = step.state.withSuspended(!input.active());
        if (input.active()) {
            step.sorted().stream()
                    .filter(Entity::isMonitored)
                    .forEach(
                            entity -> step.put(entity.withHealth(entity.health().since(step.stamp.mono()))));
        }
    }

    // ---- what an entity says through its notify socket ----

    static void said(Step step, Input.Said input) {
        var entity = step.get(input.entity());
        var type = switch (input.word()) {
            case READY -> "ready";
            case RELOADING -> "reloading";
            case STOPPING -> "ending";
        };
        step.tell(Line.of(type).entity(entity.name()).pid(input.process().pid()));
        step.put(entity.withHealth(entity.health().withReady(input.word() == Input.Said.Word.READY)));
    }

    static void text(Step step, Input.Text input) {
        var entity = step.get(input.entity());
        step.tell(
                Line.of("text").entity(entity.name()).pid(input.process().pid()).put("text", input.text()));
        step.put(entity.withHealth(entity.health().withText(input.text())));
    }

    static void mainProcess(Step step, Input.MainProcess input) {
        var entity = step.get(input.entity());
        step.tell(Line.of("main-process").entity(entity.name()).pid(input.main().pid()));
        step.effect(new Effect.Unwatch(input.process()));
        step.effect(new Effect.Watch(entity.name(), input.main()));
        step.put(entity.withProcess(input.main()));
    }
}
