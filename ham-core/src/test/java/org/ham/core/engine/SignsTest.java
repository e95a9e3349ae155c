package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;

import java.time.Duration;
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
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What entities tell of themselves: states, raises, beats. One sentence a test. */
class SignsTest {
    private final Sim sim = new Sim();

    // ---- states ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // from | to  | before | after | fires
                "any      | any     | 0 | 0 | true",
                "any      | 3       | 0 | 3 | true",
                "any      | 3       | 0 | 2 | false",
                "0        | any     | 0 | 3 | true",
                "0        | any     | 3 | 0 | false",
                "any      | 0       | 3 | 0 | true",
                "any      | 0       | 0 | 0 | true",
                "1,2      | 4       | 2 | 4 | true",
                "1,2      | 4       | 0 | 4 | false",
                "not 1,2  | 4       | 0 | 4 | true",
                "not 1,2  | 4       | 1 | 4 | false",
                "any      | not 4   | 0 | 5 | true",
                "any      | not 4,5 | 0 | 5 | false",
                "-1       | 7       | -1 | 7 | true",
            })
    void stateConditionsMatchSetsInvertedSetsExactZeroAndAny(
            String from, String to, int before, int after, boolean fires) {
        var match = new StateMatch(StateSet.parse(from), StateSet.parse(to));
        sim.running("web", state("changed", match));
        if (before != 0) {
            report(before);
            sim.entity("web").lanes().forEach(lane -> sim.ok("web", "changed/log"));
        }
        report(after);
        assertThat(sim.inFlight("web")).isEqualTo(fires ? List.of("changed/log") : List.of());
        assertThat(sim.entity("web").state()).isEqualTo(after);
    }

    @Test
    void reportingTheSameStateAgainIsAnEvent() {
        sim.running("web", state("changed", StateMatch.ANY));
        report(3);
        sim.ok("web", "changed/log");
        report(3);
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
        report(9);
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
                HamPath.GLOBAL, state("all", new StateMatch(StateSet.ANY, StateSet.exactly(1)))));
        sim.running("web", state("own", StateMatch.ANY));
        report(1);
        assertThat(sim.told()).containsSubsequence("state", "condition-true own", "condition-true all");
    }

    // ---- raises ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // type | class | severity | fires for 0 2 5
                "any | any | any | true",
                "0   | any | any | true",
                "1   | any | any | false",
                "0   | 2   | 5   | true",
                "0   | 0   | 5   | false",
                "any | 2   | 4   | false",
                "any | 2   | 4+  | true",
                "any | any | 5+  | true",
                "any | any | 6+  | false",
            })
    void raiseConditionsMatchEqualAnyOrAtLeast(String type, String category, String severity, boolean fires) {
        sim.running("web", raise("raised", RaiseMatch.parse(type, category, severity)));
        sim.apply(new Input.RaiseFor("web", 0, 0, 2, 5));
        assertThat(sim.inFlight("web")).isEqualTo(fires ? List.of("raised/log") : List.of());
        assertThat(sim.line("raise").orElseThrow().data())
                .containsAllEntriesOf(Map.of("type", 0L, "class", 2L, "severity", 5L));
    }

    @Test
    void anyHearsOfStatesAndRaisesOnceEach() {
        sim.running("web", condition("all", ConditionType.ANY, Set.of(), log("log")));
        report(1);
        sim.apply(new Input.RaiseFor("web", 0, 1, 1, 1));
        assertThat(sim.told().stream().filter("condition-true all"::equals)).hasSize(2);
    }

    // ---- beats ----

    @Test
    void aMarkFiresItsConditionOnceAndNoOther() {
        var process = beating(false);
        missed(process, Beating.MISSED_LOW);
        missed(process, Beating.MISSED_LOW);
        assertThat(sim.told().stream().filter("condition-true low"::equals)).hasSize(1);
        assertThat(sim.told()).doesNotContain("condition-true high");
        missed(process, Beating.MISSED_HIGH);
        assertThat(sim.told().stream().filter("condition-true high"::equals)).hasSize(1);
    }

    @Test
    void aTriggeredWatchdogIsAHighMarkWithoutAnyHeartbeat() {
        sim.running("web", condition("high", ConditionType.HEARTBEAT_MISSED_HIGH, Set.of(), log("log")));
        var process = Objects.requireNonNull(sim.entity("web").process());
        missed(process, Beating.MISSED_HIGH);
        assertThat(sim.told()).doesNotContain("condition-true high");
        sim.apply(new Input.Missed("web", process, Beating.MISSED_HIGH, 0));
        sim.apply(new Input.Missed("web", process, Beating.MISSED_HIGH, 0));
        assertThat(sim.told().stream().filter("condition-true high"::equals)).hasSize(1);
    }

    @Test
    void afterTheHighMarkNobodyListensUntilItIsHealed() {
        var process = beating(false);
        sim.clear();
        missed(process, Beating.MISSED_HIGH);
        assertThat(sim.effects).contains(new Effect.Forget("web"));
        sim.clear();
        sim.apply(new Input.Heal("web", 0));
        assertThat(sim.effects).singleElement().isInstanceOf(Effect.Monitor.class);
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
    }

    @Test
    void beatsThatHealThemselvesAreListenedForAfterTheHighMarkToo() {
        var process = beating(true);
        sim.clear();
        missed(process, Beating.MISSED_HIGH);
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
        var former = beating(false);
        sim.die("web");
        sim.startSucceeds("web");
        sim.clear();
        missed(former, Beating.MISSED_HIGH);
        sim.apply(new Input.BeatsAgain("web", former));
        assertThat(sim.lines).isEmpty();
    }

    @Test
    void aMissKillsNothingByItself() {
        var process = beating(false);
        missed(process, Beating.MISSED_HIGH);
        assertThat(sim.entity("web").process()).isEqualTo(process);
        assertThat(sim.entity("web").status()).isEqualTo(Entity.Status.RUNNING);
    }

    @Test
    void whileSuspendedNothingCountsAndOnResumingAllCountsAsJustBeaten() {
        var process = beating(false);
        var before = sim.entity("web").health().since();
        sim.apply(new Input.Heartbeats(false));
        missed(process, Beating.MISSED_LOW);
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
        sim.clear();
        sim.apply(new Input.Heartbeats(true));
        assertThat(sim.entity("web").health().since()).isGreaterThan(before);
        assertThat(sim.effects).singleElement().isInstanceOf(Effect.Monitor.class);
    }

    @Test
    void aTakeoverCountsAnew() {
        beating(false);
        var before = sim.entity("web").health().since();
        sim.apply(new Input.Led("took-over", 11, 10, "x"));
        assertThat(sim.entity("web").health().since()).isGreaterThan(before);
    }

    @Test
    void aDisabledEntityIsNotListenedFor() {
        var process = beating(false);
        sim.clear();
        sim.apply(new Input.Enable("web", null, null, false, false));
        assertThat(sim.effects).containsExactly(new Effect.Forget("web"));
        missed(process, Beating.MISSED_LOW);
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

    private ProcessId beating(boolean selfHealing) {
        sim.apply(new Input.Attach(
                "web",
                Sim.START,
                sim.process(),
                Set.of(),
                List.of(
                        condition("low", ConditionType.HEARTBEAT_MISSED_LOW, Set.of(), log("log")),
                        condition("high", ConditionType.HEARTBEAT_MISSED_HIGH, Set.of(), log("log")),
                        onDeath("died", restart(ActionFlag.REARM))),
                new HeartbeatSpec(Duration.ofSeconds(1), 2, 5, selfHealing),
                false));
        return Objects.requireNonNull(sim.entity("web").process());
    }

    private void missed(ProcessId process, Beating mark) {
        sim.apply(new Input.Missed("web", process, mark, 2));
    }

    private void report(int state) {
        sim.apply(new Input.ReportState("web", 0, state));
    }

    private static Condition state(String name, StateMatch match) {
        return new Condition(name, ConditionType.STATE, Set.of(), true, List.of(log("log")), match, null, 0);
    }

    private static Condition raise(String name, RaiseMatch match) {
        return new Condition(name, ConditionType.RAISE, Set.of(), true, List.of(log("log")), null, match, 0);
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
