package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.Beating;
import org.ham.api.ConditionType;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What entities tell of themselves: states, raises, beats. One sentence a test. */
class SignsTest {
    private final Sim sim = new Sim();

    // ---- states ----

    @Test
    void reportingTheSameStateAgainIsAnEvent() {
        sim.running("web", Sim.onState("changed", StateMatch.ANY));
        sim.report(3);
        sim.ok("web", "changed/log");
        sim.report(3);
        assertThat(sim.inFlight("web")).containsExactly("changed/log");
        assertThat(Objects.requireNonNull(sim.lines.stream()
                        .filter(e -> e.type().equals("state"))
                        .reduce((_, b) -> b)
                        .orElseThrow()
                        .data()))
                .containsEntry("from", 3L)
                .containsEntry("to", 3L);
    }

    @Test
    void theStateIsZeroAtFirstAndAgainAfterARestart() {
        sim.running("web", onDeath("died", restart(ActionFlag.REARM)));
        assertThat(sim.entity("web").state()).isZero();
        sim.report(9);
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").state()).isZero();
    }

    @Test
    void placeholdersHaveStatesTooAndTheGlobalEntityHasNone() {
        sim.apply(new Input.Attach("later", null, null, Set.of(), List.of(), false));
        assertThat(sim.apply(new Input.ReportState("later", 0, 2)).refusal()).isNull();
        assertThat(sim.entity("later").state()).isEqualTo(2);
        assertThat(Objects.requireNonNull(sim.apply(new Input.ReportState(HamPath.GLOBAL, 0, 2))
                                .refusal())
                        .code())
                .isEqualTo(Code.INVALID);
        assertThat(Objects.requireNonNull(
                                sim.apply(new Input.ReportState("nobody", 0, 2)).refusal())
                        .code())
                .isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void theGlobalEntitysConditionsHearOfStatesOfAllAfterTheirOwn() {
        sim.apply(new Input.AddCondition(
                HamPath.GLOBAL, Sim.onState("all", new StateMatch(StateSet.ANY, StateSet.exactly(1)))));
        sim.running("web", Sim.onState("own", StateMatch.ANY));
        sim.report(1);
        assertThat(sim.told()).containsSubsequence("state", "condition-true own", "condition-true all");
    }

    // ---- raises ----

    @Test
    void anyHearsOfStatesAndRaisesOnceEach() {
        sim.running("web", condition("all", ConditionType.ANY, Set.of(), log("log")));
        sim.report(1);
        sim.apply(new Input.RaiseFor("web", 0, 1, 1, 1));
        assertThat(sim.told().stream().filter("condition-true all"::equals)).hasSize(2);
    }

    // ---- beats ----

    @Test
    void aTriggeredWatchdogIsAHighMarkWithoutAnyHeartbeat() {
        sim.running("web", condition("high", ConditionType.HEARTBEAT_MISSED_HIGH, Set.of(), log("log")));
        var process = Objects.requireNonNull(sim.entity("web").process());
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.told()).doesNotContain("condition-true high");
        sim.apply(new Input.Missed("web", process, Beating.MISSED_HIGH, 0));
        sim.apply(new Input.Missed("web", process, Beating.MISSED_HIGH, 0));
        assertThat(sim.told().stream().filter("condition-true high"::equals)).hasSize(1);
    }

    @Test
    void beatsThatHealThemselvesAreListenedForAfterTheHighMarkToo() {
        var process = sim.beating(true);
        sim.clear();
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.effects)
                .filteredOn(Effect.Monitor.class::isInstance)
                .singleElement()
                .satisfies(effect ->
                        assertThat(((Effect.Monitor) effect).beating()).isEqualTo(Beating.MISSED_HIGH));
        sim.apply(new Input.BeatsAgain("web", process));
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
        assertThat(sim.told()).contains("heartbeat-again");
    }

    @Test
    void whatIsToldOfAFormerProcessIsIgnored() {
        var former = sim.beating(false);
        sim.die("web");
        sim.startSucceeds("web");
        sim.clear();
        sim.missed(former, Beating.MISSED_HIGH);
        sim.apply(new Input.BeatsAgain("web", former));
        assertThat(sim.lines).isEmpty();
    }

    @Test
    void whileSuspendedNothingCountsAndOnResumingAllCountsAsJustBeaten() {
        var process = sim.beating(false);
        var before = sim.entity("web").health().since();
        sim.apply(new Input.Heartbeats(false));
        sim.missed(process, Beating.MISSED_LOW);
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
        sim.clear();
        sim.apply(new Input.Heartbeats(true));
        assertThat(sim.entity("web").health().since()).isGreaterThan(before);
        assertThat(sim.effects).singleElement().isInstanceOf(Effect.Monitor.class);
    }

    @Test
    void aTakeoverCountsAnew() {
        sim.beating(false);
        var before = sim.entity("web").health().since();
        sim.apply(new Input.Led("took-over", 11, 10, "x"));
        assertThat(sim.entity("web").health().since()).isGreaterThan(before);
    }

    @Test
    void aDisabledEntityIsNotListenedFor() {
        var process = sim.beating(false);
        sim.clear();
        sim.apply(new Input.Enable("web", null, null, false, false));
        assertThat(sim.effects).containsExactly(new Effect.Forget("web"));
        sim.missed(process, Beating.MISSED_LOW);
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
    }

    // ---- causes and signals ----

    @Test
    void aFailItemFollowsFromTheFailureOfItsAction() {
        sim.running("web", onDeath("died", Sim.failing("tell", List.of(log("one"), log("two")))));
        sim.die("web");
        sim.fails("web", "died/tell");
        sim.ok("web", "died/one");
        var failed = sim.line("action-failed").orElseThrow();
        assertThat(sim.lines)
                .filteredOn(e -> e.data().containsKey("failItem") && e.type().equals("action-started"))
                .hasSize(2)
                .allSatisfy(e -> assertThat(e.cause()).hasValue(failed.seq()));
    }

    @Test
    void aFailItemOfARestartFollowsFromItsFailureToo() {
        var item = log("cry");
        var action = new Action(
                "restart",
                "restart",
                Map.of(),
                Set.of(ActionFlag.REARM),
                true,
                List.of(item),
                true,
                (@Nullable List<String>) null,
                false);
        sim.running("web", onDeath("died", action));
        sim.die("web");
        sim.startFails("web");
        var failed = sim.line("action-failed").orElseThrow();
        assertThat(sim.lines.stream()
                        .filter(e -> e.data().containsKey("failItem"))
                        .findFirst()
                        .orElseThrow()
                        .cause())
                .hasValue(failed.seq());
    }

    @Test
    void aSignalThatHamSentIsToldAlsoOfAnEntityThatHasGone() {
        var before = sim.state;
        sim.apply(new Input.Signalled("gone", 42, "SIGTERM", "its file went"));
        var line = sim.line("signal-sent").orElseThrow();
        assertThat(line.entity()).contains("gone");
        assertThat(line.pid()).hasValue(42);
        assertThat(line.data()).containsEntry("signal", "SIGTERM");
        assertThat(sim.state.entities()).isEqualTo(before.entities());
    }

    @Test
    void matchesAreWrittenAsTheyAreRead() {
        for (var text : List.of("any", "0", "1,4", "not 1,4", "-3")) {
            assertThat(StateSet.parse(text)).hasToString(text);
        }
        assertThat(RaiseMatch.parse("1", "any", "3+"))
                .isEqualTo(new RaiseMatch(Optional.of(1), Optional.empty(), Optional.of(3), true))
                .hasToString("type 1, class any, severity 3+");
    }
}
