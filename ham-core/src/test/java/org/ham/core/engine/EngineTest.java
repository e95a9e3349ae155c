package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.DO_NOW;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.failing;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;
import static org.ham.core.engine.Sim.waits;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.junit.jupiter.api.Test;

/** What the original's manual says, one sentence a test. */
class EngineTest {
    private final Sim sim = new Sim();

    @Test
    void aDeadEntityIsRestartedOnceAndCounted() {
        sim.running("web", onDeath("died", restart(REARM)));
        sim.die("web");
        assertThat(sim.started()).containsExactly("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").restarts()).isEqualTo(1);
        assertThat(sim.entity("web").lanes()).isEmpty();
        assertThat(sim.told())
                .containsExactly(
                        "death",
                        "condition-true died",
                        "action-started died/restart",
                        "start-intended",
                        "started",
                        "action-done died/restart",
                        "restarted");
    }

    @Test
    void aProcessBelongsToOneEntity() {
        var web = sim.running("web");
        var refused = sim.apply(new Input.Attach("twin", null, web.process(), Set.of(), List.of(), false));
        assertThat(refused.refusal()).extracting(HamException::code).isEqualTo(Code.EXISTS);
        assertThat(refused.refusal()).hasMessageContaining("'twin'").hasMessageContaining("is entity 'web' already");
        assertThat(sim.exists("twin")).isFalse();
        assertThat(sim.lines).isEmpty();
    }

    @Test
    void aProcessThatDiedMayBeWatchedUnderAnotherName() {
        var process = sim.running("web").process();
        sim.die("web");
        assertThat(sim.apply(new Input.Attach("again", null, process, Set.of(), List.of(), false))
                        .refusal())
                .isNull();
    }

    @Test
    void theHamCannotBeItsOwnEntity() {
        var itself = new ProcessId(10, 1, 1, "boot");
        var refused = sim.apply(new Input.Attach("me", null, itself, Set.of(), List.of(), false));
        assertThat(refused.refusal()).extracting(HamException::code).isEqualTo(Code.INVALID);
        assertThat(refused.refusal()).hasMessageContaining("is the HAM itself");
    }

    @Test
    void everyLineNamesTheLineItFollowsFrom() {
        sim.running("web", onDeath("died", restart(REARM)));
        sim.die("web");
        sim.startSucceeds("web");
        var restarted = sim.line("restarted").orElseThrow();
        var started = sim.line("started").orElseThrow();
        var intended = sim.line("start-intended").orElseThrow();
        var action = sim.line("action-started").orElseThrow();
        var condition = sim.line("condition-true").orElseThrow();
        assertThat(restarted.cause()).hasValue(started.seq());
        assertThat(started.cause()).hasValue(intended.seq());
        assertThat(intended.cause()).hasValue(action.seq());
        assertThat(action.cause()).hasValue(condition.seq());
        assertThat(condition.cause()).hasValue(sim.line("death").orElseThrow().seq());
    }

    @Test
    void aWaitOfOneEntityNeverDelaysAnother() {
        sim.running("slow", onDeath("died", waits("wait")));
        sim.running("web", onDeath("died", restart(REARM)));
        sim.die("slow");
        sim.die("web");
        assertThat(sim.started()).containsExactly("web");
    }

    @Test
    void aDeathWhileAListStillRunsIsQueuedNotDropped() {
        sim.running(
                "web",
                condition(
                        "quick",
                        ConditionType.DEATH,
                        Set.of(ConditionFlag.NO_WAIT, ConditionFlag.REARM),
                        restart(REARM)),
                onDeath("slow", waits("wait", REARM)));
        sim.die("web");
        sim.startSucceeds("web");
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").restarts()).isEqualTo(2);
        assertThat(sim.entity("web").lane(Lane.OTHER).orElseThrow().runs()).hasSize(2);
        sim.ok("web", "slow/wait");
        sim.ok("web", "slow/wait");
        assertThat(sim.entity("web").lanes()).isEmpty();
    }

    @Test
    void aFullLaneIsAnEventAndStopsNothing() {
        var small = new Sim(new Limits(10, 2, 10));
        small.running(
                "web",
                condition(
                        "quick",
                        ConditionType.DEATH,
                        Set.of(ConditionFlag.NO_WAIT, ConditionFlag.REARM),
                        restart(REARM)),
                onDeath("slow", waits("wait", REARM)));
        for (int i = 0; i < 3; i++) {
            small.die("web");
            small.startSucceeds("web");
        }
        assertThat(small.line("run-dropped")).isPresent();
        assertThat(small.entity("web").restarts()).isEqualTo(3);
    }

    @Test
    void aConditionGoesWithItsLastActionUnlessItIsKept() {
        sim.running(
                "web",
                condition("goes", ConditionType.DEATH, Set.of(ConditionFlag.REARM), failing("bad", List.of())),
                condition(
                        "stays",
                        ConditionType.DEATH,
                        Set.of(ConditionFlag.REARM, ConditionFlag.KEEP_ON_EMPTY),
                        failing("bad", List.of())),
                onDeath("back", restart(REARM)));
        sim.die("web");
        sim.fails("web", "goes/bad");
        sim.fails("web", "stays/bad");
        assertThat(sim.entity("web").conditions()).extracting(Condition::name).containsExactly("stays", "back");
    }

    @Test
    void aFailedRestartRunsItsFailListAndTheEntityLeaves() {
        var bad = new Action(
                "restart", "restart", java.util.Map.of(), Set.of(REARM), true, List.of(log("tell")), true, null, false);
        sim.running("web", onDeath("died", bad));
        sim.die("web");
        sim.startFails("web");
        assertThat(sim.inFlight("web")).containsExactly("died/tell");
        sim.ok("web", "died/tell");
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void keepOnDeathLeavesThePlaceholderWithItsConditions() {
        sim.apply(new Input.Attach(
                "web",
                Sim.START,
                sim.process(),
                Set.of(EntityFlag.KEEP_ON_DEATH),
                List.of(condition("joined", ConditionType.ATTACH, Set.of(), log("log"))),
                false));
        sim.ok("web", "joined/log");
        sim.die("web");
        assertThat(sim.entity("web").status()).isEqualTo(Entity.Status.UNATTACHED);
        sim.apply(new Input.Attach("web", null, sim.process(), Set.of(), List.of(), false));
        assertThat(sim.inFlight("web")).containsExactly("joined/log");
        assertThat(sim.entity("web").flags()).containsExactly(EntityFlag.KEEP_ON_DEATH);
    }

    @Test
    void declaringAgainWhatIsThereChangesNothingAndADifferentOneIsRefused() {
        sim.running("web", onDeath("died", restart(REARM)));
        assertThat(sim.apply(new Input.AddAction("web", "died", restart(REARM))).lines())
                .isEmpty();
        assertThat(sim.apply(new Input.AddCondition("web", onDeath("died"))).lines())
                .isEmpty();
        assertThat(Objects.requireNonNull(sim.apply(new Input.AddCondition(
                                        "web", condition("died", ConditionType.DETACH, Set.of())))
                                .refusal())
                        .code())
                .isEqualTo(Code.EXISTS);
        assertThat(Objects.requireNonNull(sim.apply(new Input.AddAction("web", "died", log("restart")))
                                .refusal())
                        .code())
                .isEqualTo(Code.EXISTS);
    }

    @Test
    void doNowRunsOnceWhenTheActionIsAdded() {
        sim.running("web", onDeath("died"));
        sim.apply(new Input.AddAction("web", "died", log("now", DO_NOW)));
        assertThat(sim.inFlight("web")).containsExactly("died/now");
        sim.ok("web", "died/now");
        assertThat(sim.inFlight("web")).isEmpty();
        assertThat(sim.entity("web").condition("died").orElseThrow().actions()).hasSize(1);
    }

    @Test
    void aDisabledEntityConditionOrActionReactsToNothing() {
        sim.running("web", onDeath("a", log("log")), onDeath("b", log("off"), log("on")));
        sim.apply(new Input.Enable("web", "a", null, false, false));
        sim.apply(new Input.Enable("web", "b", "off", false, false));
        sim.clear();
        sim.die("web");
        assertThat(sim.told()).doesNotContain("condition-true a").contains("action-skipped b/off");
        assertThat(sim.inFlight("web")).containsExactly("b/on");
    }

    @Test
    void recurseSwitchesTheChildrenTooOtherwiseTheyKeepTheirOwnSwitch() {
        sim.running("web", onDeath("a", log("log")));
        sim.apply(new Input.Enable("web", null, null, false, false));
        assertThat(sim.entity("web").condition("a").orElseThrow().enabled()).isTrue();
        sim.apply(new Input.Enable("web", null, null, false, true));
        var a = sim.entity("web").condition("a").orElseThrow();
        assertThat(a.enabled()).isFalse();
        assertThat(a.actions().getFirst().enabled()).isFalse();
    }

    @Test
    void whatIsRemovedDoesNotRunAnyMore() {
        sim.running("web", onDeath("died", log("a"), log("b"), restart(REARM)));
        sim.die("web");
        sim.apply(new Input.Remove("web", "died", "b", null));
        sim.ok("web", "died/a");
        assertThat(sim.inFlight("web")).containsExactly("died/restart");
    }

    @Test
    void removingTheConditionInFlightEndsItsListAndTheEntityLeaves() {
        sim.running("web", onDeath("died", log("a"), restart(REARM)));
        sim.die("web");
        sim.apply(new Input.Remove("web", "died", null, null));
        sim.ok("web", "died/a");
        assertThat(sim.started()).isEmpty();
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void detachRunsItsListAndForgetsButNeverRestarts() {
        sim.running(
                "web",
                onDeath("died", log("log"), restart(REARM)),
                condition("left", ConditionType.DETACH, Set.of(), log("bye")));
        sim.die("web");
        sim.apply(new Input.Detach("web"));
        sim.ok("web", "died/log");
        assertThat(sim.inFlight("web")).containsExactly("left/bye");
        sim.ok("web", "left/bye");
        assertThat(sim.started()).isEmpty();
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void detachLetsGoOfTheProcess() {
        sim.running("web");
        sim.apply(new Input.Detach("web"));
        assertThat(sim.effects).hasOnlyElementsOfType(Effect.Unwatch.class);
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void anAttachWhoseStartFailsLeavesNothingBehind() {
        sim.apply(Sim.attach("web"));
        sim.startFails("web");
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void aDeathSeenTwiceOrLateIsIgnored() {
        sim.running("web", onDeath("died", restart(REARM)));
        var old = Objects.requireNonNull(sim.entity("web").process());
        sim.die("web");
        sim.startSucceeds("web");
        sim.clear();
        sim.apply(new Input.Died("web", old, ExitReason.exited(0)));
        assertThat(sim.lines).isEmpty();
        assertThat(sim.started()).isEmpty();
    }

    @Test
    void aTakeoverCountsTheFailureAndResumesWhatIsInFlightWithItsInvocation() {
        sim.running("web", onDeath("died", restart(REARM)));
        sim.running("db", onDeath("died", log("log")));
        sim.running("calm");
        sim.die("web");
        sim.die("db");
        var pending = Objects.requireNonNull(sim.entity("web").pending()).invocation();
        sim.clear();
        sim.apply(new Input.Led("took-over", 11, 10, "x"));
        assertThat(sim.state.hamFailures()).isEqualTo(1);
        assertThat(sim.state.instance()).isEqualTo("w");
        assertThat(sim.effects)
                .filteredOn(Effect.Start.class::isInstance)
                .singleElement()
                .satisfies(e -> {
                    assertThat(((Effect.Start) e).invocation()).isEqualTo(pending);
                    assertThat(((Effect.Start) e).resumed()).isTrue();
                });
        assertThat(sim.effects)
                .filteredOn(Effect.Invoke.class::isInstance)
                .singleElement()
                .satisfies(e -> assertThat(((Effect.Invoke) e).resumed()).isTrue());
        assertThat(sim.effects)
                .filteredOn(Effect.Watch.class::isInstance)
                .singleElement()
                .satisfies(e -> assertThat(((Effect.Watch) e).entity()).isEqualTo("calm"));
    }

    @Test
    void failuresAreCountedByWhoFailed() {
        sim.apply(new Input.GuardianStarted(20));
        sim.apply(new Input.GuardianReady(20));
        sim.apply(new Input.GuardianStarted(20));
        assertThat(sim.state.guardianReady())
                .as("told again, it is ready still")
                .isTrue();
        sim.apply(new Input.GuardianFailed(20, "killed by SIGKILL"));
        assertThat(sim.state.guardianFailures()).isEqualTo(1);
        sim.apply(new Input.GuardianStarted(21));
        sim.apply(new Input.Led("started", 12, 0, "x"));
        assertThat(sim.state.hamFailures()).isEqualTo(1);
        assertThat(sim.state.guardianFailures()).isEqualTo(2);
        sim.apply(new Input.Stop());
        sim.apply(new Input.Led("started", 13, 0, "x"));
        assertThat(sim.state.hamFailures()).isEqualTo(1);
    }

    @Test
    void aCoreThatComesBackInTheSameProcessIsNoFailure() {
        sim.apply(new Input.Led("started", 10, 0, "x"));
        assertThat(sim.state.hamFailures()).isZero();
        assertThat(sim.line("ham-resumed")).isPresent();
    }

    @Test
    void anUpdateKeepsTheProcessAndTheSwitchesAndChangesTheRest() {
        sim.running("web", onDeath("died", restart(REARM)), onDeath("old", log("log")));
        sim.apply(new Input.Enable("web", "died", null, false, false));
        var process = sim.entity("web").process();
        sim.apply(new Input.Attach(
                "web",
                Sim.START,
                null,
                Set.of(EntityFlag.KEEP_ON_DEATH),
                List.of(onDeath("died", restart(REARM)), onDeath("new", log("log"))),
                true));
        assertThat(sim.entity("web").process()).isEqualTo(process);
        assertThat(sim.entity("web").conditions()).extracting(Condition::name).containsExactly("died", "new");
        assertThat(sim.entity("web").condition("died").orElseThrow().enabled()).isFalse();
        assertThat(sim.started()).isEmpty();
    }

    @Test
    void moreEntitiesThanTheLimitAreRefused() {
        var small = new Sim(new Limits(1, 10, 10));
        small.running("one");
        assertThat(Objects.requireNonNull(small.apply(Sim.attach("two")).refusal())
                        .code())
                .isEqualTo(Code.LIMIT);
    }
}
