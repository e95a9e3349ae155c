package org.ham.core.engine;

import java.util.Objects;
import org.ham.api.Beating;
import org.ham.api.EntityKind;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Upgrade;
import org.ham.core.engine.Entity.Status;
import org.jspecify.annotations.Nullable;

/** The fold. Immutable, pure, thread-safe. */
public final class Engine {
    private final Limits limits;

    public Engine(Limits limits) {
        this.limits = limits;
    }

    /**
     * What comes of an input.
     *
     * @return the next state with the lines and effects that lead there; nothing but the old state when the input changes
     *     nothing; a refusal when a command makes no sense
     */
    public Decision step(State state, Input input, Stamp stamp) {
        return switch (input) {
            case Input.Command command -> command(state, command, stamp);
            case Input.Report report -> report(state, report, stamp);
        };
    }

    private Decision command(State state, Input.Command command, Stamp stamp) {
        var request = stamp.actor().request();
        if (!request.isEmpty() && state.requests().has(request)) {
            return repeated(state, command);
        }
        if (isThere(state, command)) {
            return Decision.nothing(state);
        }
        var refusal = check(state, command);
        if (refusal != null) {
            return Decision.refused(state, refusal);
        }
        var step = new Step(state, stamp, limits);
        switch (command) {
            case Input.Attach attach -> Lifecycle.attach(step, attach);
            case Input.AttachSelf attach -> Lifecycle.attachSelf(step, attach);
            case Input.Detach detach -> Lifecycle.detach(step, detach.entity());
            case Input.AddCondition add -> Definitions.addCondition(step, add);
            case Input.AddAction add -> Definitions.addAction(step, add);
            case Input.AddFailItem add -> Definitions.addFailItem(step, add);
            case Input.Remove remove -> Definitions.remove(step, remove);
            case Input.Enable enable -> Definitions.enable(step, enable);
            case Input.ChangeFlags change -> Definitions.changeFlags(step, change);
            case Input.ReportState report -> Signs.reportState(step, report);
            case Input.RaiseFor raise -> Signs.raise(step, raise);
            case Input.Heal heal -> Signs.healed(step, heal);
            case Input.Heartbeats heartbeats -> Signs.heartbeats(step, heartbeats);
            case Input.Verbosity verbosity -> {
                step.tell(Line.of("verbosity").put("level", (long) verbosity.level()));
                step.state = state.withVerbosity(verbosity.level());
            }
            case Input.Stop _ -> {
                step.tell(Line.of("stopping"));
                step.state = state.withStopped();
            }
        }
        if (!request.isEmpty()) {
            step.state = step.state.withRequest(request, stamp.seq(), limits.requests());
        }
        return step.decision();
    }

    /** Carried out already; an attach whose start failed then has left nothing, and is told so again. */
    private static Decision repeated(State state, Input.Command command) {
        return command instanceof Input.Attach attach
                        && state.entity(attach.entity()).isEmpty()
                ? Decision.refused(
                        state,
                        new HamException(
                                Code.FAILED,
                                "entity '" + attach.entity() + "' was attached by this request and has gone since"))
                : Decision.nothing(state);
    }

    private static boolean isThere(State state, Input.Command command) {
        return switch (command) {
            case Input.AddCondition add -> Definitions.isThere(state, add);
            case Input.AddAction add -> Definitions.isThere(state, add);
            case Input.Attach attach -> attach.update() && isUnchanged(state, attach);
            case Input.AttachSelf attach -> Lifecycle.isJoined(state, attach);
            case Input.ChangeFlags change -> Definitions.isThere(state, change);
            case Input.Heal heal ->
                Targets.missing(state, heal.entity(), null, null, heal.id()) == null
                        && state.entity(heal.entity()).orElseThrow().health().beating() == Beating.OK;
            case Input.Heartbeats heartbeats -> heartbeats.active() != state.suspended();
            case Input.Verbosity verbosity -> verbosity.level() == state.verbosity();
            case Input.Stop _ -> state.stopped();
            case Input.Detach _,
                    Input.AddFailItem _,
                    Input.Remove _,
                    Input.Enable _,
                    Input.ReportState _,
                    Input.RaiseFor _ -> false;
        };
    }

    private static boolean isUnchanged(State state, Input.Attach attach) {
        var known = state.entity(attach.entity()).orElse(null);
        return known != null
                && known.status() != Status.DETACHING
                && (known.status() != Status.UNATTACHED || attach.start() == null && attach.process() == null)
                && Objects.equals(known.start(), attach.start())
                && known.flags().equals(attach.flags())
                && Objects.equals(known.health().heartbeat(), attach.heartbeat())
                && Definitions.sameWhole(known.conditions(), attach.conditions());
    }

    private @Nullable HamException check(State state, Input.Command command) {
        return switch (command) {
            case Input.Attach attach -> Definitions.checkAttach(state, limits, attach);
            case Input.AttachSelf attach -> Lifecycle.checkAttachSelf(state, limits, attach);
            case Input.Detach detach -> checkDetach(state, detach);
            case Input.AddCondition add -> Definitions.checkAddCondition(state, add);
            case Input.AddAction add -> Definitions.checkAddAction(state, add);
            case Input.AddFailItem add -> Definitions.checkFailItem(state, add);
            case Input.Remove remove -> Definitions.checkRemove(state, remove);
            case Input.Enable enable -> Definitions.checkEnable(state, enable);
            case Input.ChangeFlags change -> Definitions.checkChangeFlags(state, change);
            case Input.ReportState report -> checkSign(state, report.entity(), report.id());
            case Input.RaiseFor raise -> checkSign(state, raise.entity(), raise.id());
            case Input.Heal heal -> Targets.missing(state, heal.entity(), null, null, heal.id());
            case Input.Heartbeats _ -> null;
            case Input.Verbosity verbosity ->
                verbosity.level() >= 0
                        ? null
                        : new HamException(Code.INVALID, "verbosity " + verbosity.level() + " is below 0");
            case Input.Stop _ -> null;
        };
    }

    private static @Nullable HamException checkDetach(State state, Input.Detach input) {
        var name = input.entity();
        if (name.equals(HamPath.GLOBAL)) {
            return new HamException(Code.INVALID, "the global entity cannot be detached; it is always there");
        }
        var entity = state.entity(name).orElse(null);
        if (entity == null || entity.status() == Status.DETACHING) {
            return Targets.noEntity(name);
        }
        var attachedItself = entity.kind() == EntityKind.SELF;
        if (attachedItself && !input.self()) {
            return new HamException(
                    Code.INVALID, "entity '" + name + "' attached itself; it detaches itself, or is gone when it ends");
        }
        if (!attachedItself && input.self()) {
            return new HamException(Code.INVALID, "entity '" + name + "' has not attached itself; detach it by name");
        }
        return Targets.missing(state, name, null, null, input.id());
    }

    private static @Nullable HamException checkSign(State state, String name, long id) {
        if (name.equals(HamPath.GLOBAL)) {
            return new HamException(
                    Code.INVALID, "nothing happens to the global entity itself; name the entity it happens to");
        }
        var entity = state.entity(name).orElse(null);
        return entity == null || entity.status() == Status.DETACHING
                ? Targets.noEntity(name)
                : Targets.missing(state, name, null, null, id);
    }

    private Decision report(State state, Input.Report report, Stamp stamp) {
        if (isOutdated(state, report)) {
            return Decision.nothing(state);
        }
        var step = new Step(state, stamp, limits);
        switch (report) {
            case Input.Died died -> Lifecycle.died(step, died);
            case Input.Started started -> Lifecycle.started(step, started);
            case Input.StartFailed failed -> Lifecycle.startFailed(step, failed);
            case Input.Finished finished -> finished(step, finished);
            case Input.Missed missed -> Signs.missed(step, missed);
            case Input.BeatsAgain again -> Signs.beatsAgain(step, again);
            case Input.Said said -> Signs.said(step, said);
            case Input.Text text -> Signs.text(step, text);
            case Input.MainProcess main -> Signs.mainProcess(step, main);
            case Input.Lost lost -> Lifecycle.lost(step, lost);
            case Input.Led led -> Lifecycle.led(step, led);
            case Input.GuardianStarted started -> {
                step.tell(Line.of("guardian-started").pid(started.pid()));
                step.state = state.withGuardian(started.pid(), false, state.guardianFailures());
            }
            case Input.GuardianReady ready -> {
                step.tell(Line.of("guardian-ready").pid(ready.pid()));
                step.state = state.withGuardian(ready.pid(), true, state.guardianFailures());
            }
            case Input.GuardianFailed failed -> {
                step.tell(Line.of("guardian-failed").pid(failed.pid()).outcome("failed: " + failed.why()));
                step.state = state.withGuardian(0, false, state.guardianFailures() + 1);
            }
            case Input.Alarm alarm -> {
                step.tell(Line.of(alarm.text().isEmpty() ? "alarm-over" : "alarm")
                        .put("source", alarm.source())
                        .put("text", alarm.text()));
                step.state = state.withAlarm(alarm.source(), alarm.text());
            }
            case Input.Signalled signalled ->
                step.tell(Line.of("signal-sent")
                        .entity(signalled.entity())
                        .pid(signalled.pid())
                        .put("signal", signalled.signal())
                        .put("why", signalled.why()));
            case Input.Upgrading upgrading -> {
                step.tell(Line.of("upgrade-started")
                        .pid(upgrading.candidate())
                        .put("from", upgrading.from())
                        .put("to", upgrading.to())
                        .put("with", upgrading.with()));
                step.state = state.withUpgrade(
                        new Upgrade(upgrading.from(), upgrading.to(), upgrading.candidate(), upgrading.with()));
            }
            case Input.HandedOver handed -> {
                step.tell(Line.of("handed-over").pid(handed.successor()));
                step.state = state.withSuccessor(handed.successor());
            }
            case Input.UpgradeEnded ended -> {
                var upgrade = Objects.requireNonNull(state.upgrade());
                var ok = ended.why().isEmpty();
                step.tell(Line.of(ok ? "upgraded" : "upgrade-failed")
                        .outcome(ok ? "ok" : "failed: " + ended.why())
                        .put("from", upgrade.from())
                        .put("to", upgrade.to()));
                step.state = state.withUpgrade(null);
            }
            case Input.Found found ->
                step.tell(Line.of("finding").put("source", found.source()).put("text", found.text()));
        }
        return step.decision();
    }

    private static boolean isOutdated(State state, Input.Report report) {
        return switch (report) {
            case Input.Died died ->
                state.entity(died.entity())
                        .filter(e -> died.process().equals(e.process()))
                        .isEmpty();
            case Input.Started started -> !isPending(state, started.entity(), started.invocation());
            case Input.StartFailed failed -> !isPending(state, failed.entity(), failed.invocation());
            case Input.Finished finished -> laneOf(state, finished) == null;
            case Input.Sign sign -> isOutdated(state, sign);
            case Input.GuardianStarted started -> state.guardianPid() == started.pid();
            case Input.GuardianReady ready -> state.guardianPid() != ready.pid() || state.guardianReady();
            case Input.GuardianFailed failed -> state.guardianPid() != failed.pid();
            case Input.Alarm alarm ->
                alarm.text().equals(Objects.requireNonNullElse(state.alarms().get(alarm.source()), ""));
            case Input.Upgrading _ -> state.upgrade() != null;
            case Input.UpgradeEnded _ -> state.upgrade() == null;
            case Input.HandedOver _ -> state.successor() != 0;
            case Input.Led _, Input.Signalled _, Input.Found _ -> false;
        };
    }

    private static boolean isOutdated(State state, Input.Sign sign) {
        var entity = state.entity(sign.entity()).orElse(null);
        if (entity == null || !entity.runs(sign.process())) {
            return true;
        }
        var health = entity.health();
        return switch (sign) {
            case Input.Missed missed ->
                !missed.isSaid() && !entity.isMonitored()
                        || state.suspended()
                        || missed.mark().compareTo(health.beating()) <= 0;
            case Input.BeatsAgain _ -> health.beating() == Beating.OK;
            case Input.Said said ->
                said.word() != Input.Said.Word.STOPPING && health.ready() == (said.word() == Input.Said.Word.READY);
            case Input.Text text -> text.text().equals(health.text());
            case Input.MainProcess main ->
                main.main().equals(entity.process())
                        || state.entityOf(main.main()).isPresent();
            case Input.Lost _ -> entity.kind() != EntityKind.SELF || !entity.joined();
        };
    }

    private static boolean isPending(State state, String entity, String invocation) {
        return state.entity(entity)
                .map(Entity::pending)
                .filter(p -> p.invocation().equals(invocation))
                .isPresent();
    }

    private static @Nullable Lane laneOf(State state, Input.Finished finished) {
        return state.entity(finished.entity())
                .flatMap(e -> e.lanes().stream()
                        .filter(l -> finished.invocation().equals(l.head().invocation()))
                        .findFirst())
                .orElse(null);
    }

    private static void finished(Step step, Input.Finished input) {
        var lane = Objects.requireNonNull(laneOf(step.state, input));
        var run = lane.head();
        var line = Lanes.line(
                        input.ok() ? "action-done" : "action-failed",
                        input.entity(),
                        run.owner(),
                        run.condition(),
                        run.todo().getFirst().name())
                .cause(run.startedSeq())
                .outcome((input.ok() ? "ok" : "failed") + (input.detail().isEmpty() ? "" : ": " + input.detail()))
                .put("invocation", input.invocation())
                .put("ok", input.ok())
                .put("detail", input.detail());
        if (run.failing() != null) {
            line.put("failItem", run.current().name());
        }
        Lanes.finished(step, input.entity(), lane.key(), input.ok(), step.tell(line));
        Lanes.drain(step, input.entity());
    }
}
