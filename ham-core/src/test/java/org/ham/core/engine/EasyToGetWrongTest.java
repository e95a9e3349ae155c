package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.BREAK_ON_FAIL;
import static org.ham.api.ActionFlag.KEEP_ON_FAIL;
import static org.ham.api.ActionFlag.NO_REARM;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.failing;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;
import static org.ham.core.engine.Sim.waits;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ham.api.Beating;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The points of the original that are easy to get wrong, as the fold has them. With real processes: {@code EasyToGetWrongIT}.
 */
class EasyToGetWrongTest {
    private final Sim sim = new Sim();

    // ---- 1. Lanes ----

    @Test
    void lanesAllNoWaitShareOneEachIndependentHasItsOwnAllOthersShareOneAndNoWaitWins() {
        sim.running(
                "web",
                condition("n1", ConditionType.DEATH, Set.of(ConditionFlag.NO_WAIT), log("log")),
                condition(
                        "n2",
                        ConditionType.DEATH,
                        Set.of(ConditionFlag.NO_WAIT, ConditionFlag.INDEPENDENT),
                        log("log")),
                condition("i1", ConditionType.DEATH, Set.of(ConditionFlag.INDEPENDENT), log("log")),
                condition("i2", ConditionType.DEATH, Set.of(ConditionFlag.INDEPENDENT), log("log")),
                condition("o1", ConditionType.DEATH, Set.of(), waits("wait")),
                condition("o2", ConditionType.DEATH, Set.of(), log("log")));
        sim.die("web");
        assertThat(sim.inFlight("web")).containsExactlyInAnyOrder("n1/log", "i1/log", "i2/log", "o1/wait");
        sim.ok("web", "n1/log");
        assertThat(sim.inFlight("web")).contains("n2/log").doesNotContain("o2/log");
        sim.ok("web", "o1/wait");
        assertThat(sim.inFlight("web")).contains("o2/log");
    }

    @Test
    void actionsOfAConditionRunStrictlyOneAfterTheOther() {
        sim.running("web", onDeath("died", log("a"), log("b"), log("c")));
        sim.die("web");
        assertThat(sim.inFlight("web")).containsExactly("died/a");
        sim.ok("web", "died/a");
        assertThat(sim.inFlight("web")).containsExactly("died/b");
        sim.ok("web", "died/b");
        assertThat(sim.inFlight("web")).containsExactly("died/c");
    }

    @Test
    void theRestartTakesItsTurnInTheListAndDoesNotRunFirst() {
        sim.running("web", onDeath("died", log("before", REARM), restart(REARM), log("after", REARM)));
        sim.die("web");
        assertThat(sim.started()).isEmpty();
        sim.ok("web", "died/before");
        assertThat(sim.started()).containsExactly("web");
        assertThat(sim.inFlight("web")).containsExactly("died/restart");
        sim.startSucceeds("web");
        assertThat(sim.inFlight("web")).containsExactly("died/after");
    }

    // ---- 2. Failures ----

    @Test
    void aFailedActionIsRemovedByDefaultAndItsListGoesOn() {
        sim.running("web", onDeath("died", failing("bad", List.of(), REARM), log("next", REARM), restart(REARM)));
        sim.die("web");
        sim.fails("web", "died/bad");
        assertThat(sim.entity("web").condition("died").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("next", "restart");
        assertThat(sim.inFlight("web")).containsExactly("died/next");
    }

    @Test
    void keepOnFailKeepsAFailedAction() {
        sim.running("web", onDeath("died", failing("bad", List.of(), KEEP_ON_FAIL, REARM), restart(REARM)));
        sim.die("web");
        sim.fails("web", "died/bad");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").condition("died").orElseThrow().actions()).hasSize(2);
    }

    @Test
    void failItemsRunInOrderEvenWhenOneOfThemFails() {
        sim.running("web", onDeath("died", failing("bad", List.of(log("f1"), log("f2")), KEEP_ON_FAIL), log("next")));
        sim.die("web");
        sim.fails("web", "died/bad");
        assertThat(sim.inFlight("web")).containsExactly("died/f1");
        sim.fails("web", "died/f1");
        assertThat(sim.inFlight("web")).containsExactly("died/f2");
        sim.ok("web", "died/f2");
        assertThat(sim.inFlight("web")).containsExactly("died/next");
    }

    @Test
    void theFailListRunsForEachFailure() {
        sim.running(
                "web", Sim.onRaise("raised", RaiseMatch.ANY, Sim.failing("bad", List.of(log("item")), KEEP_ON_FAIL)));
        for (var round = 0; round < 2; round++) {
            sim.apply(new Input.RaiseFor("web", 0, 1, 1, 1));
            sim.fails("web", "raised/bad");
            assertThat(sim.inFlight("web")).containsExactly("raised/item");
            sim.ok("web", "raised/item");
        }
    }

    @Test
    void breakOnFailSkipsTheRestOfTheList() {
        sim.running("web", onDeath("died", failing("bad", List.of(), BREAK_ON_FAIL, KEEP_ON_FAIL), restart(REARM)));
        sim.die("web");
        sim.fails("web", "died/bad");
        assertThat(sim.started()).isEmpty();
        assertThat(sim.told()).contains("list-broken-off died/bad");
        assertThat(sim.exists("web")).isFalse();
    }

    // ---- 3. Rearm ----

    @Test
    void aConditionWithoutRearmIsPrunedAtTheRestartWithAllItsActions() {
        sim.running("web", condition("died", ConditionType.DEATH, Set.of(), restart()));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").conditions()).isEmpty();
        sim.clear();
        sim.die("web");
        assertThat(sim.started()).isEmpty();
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void rearmIsNeededOnTheConditionAndOnTheAction() {
        sim.running(
                "web",
                onDeath("died", restart()),
                condition("plain", ConditionType.DEATH, Set.of(), log("rearmed", REARM)));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").conditions()).isEmpty();
    }

    @Test
    void aKeptConditionLosesTheActionsThatDoNotRearm() {
        sim.running("web", onDeath("died", restart(REARM), log("once"), log("always", REARM)));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").condition("died").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("restart", "always");
        // The list in progress goes on as it was when the condition became true.
        assertThat(sim.inFlight("web")).containsExactly("died/once");
    }

    @Test
    void rearmIsOnByDefaultOutsideTheDeathConditionsAndCanBeSwitchedOff() {
        sim.running(
                "web",
                onDeath("died", restart(REARM)),
                condition("back", ConditionType.RESTART, Set.of(), log("kept"), log("dropped", NO_REARM)),
                condition("once", ConditionType.RESTART, Set.of(ConditionFlag.NO_REARM), log("log")));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").conditions()).extracting(Condition::name).containsExactly("died", "back");
        assertThat(sim.entity("web").condition("back").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("kept");
    }

    // ---- 4. Kept names ----

    @Test
    void aSelfAttachedProgramDeclaresItsKeptNamesAgainAfterARestart() {
        var died = onDeath("died", restart(REARM));
        attachSelf("web", sim.process());
        sim.apply(new Input.Attach("web", Sim.START, null, Set.of(), List.of(died), true));
        sim.die("web");
        sim.startSucceeds("web");
        var started = Objects.requireNonNull(sim.entity("web").process());
        sim.clear();
        // It is who HAM has just started, and says all that it said the first time.
        attachSelf("web", started);
        assertThat(sim.apply(new Input.AddCondition("web", died)).refusal()).isNull();
        assertThat(sim.apply(new Input.AddAction("web", "died", restart(REARM))).refusal())
                .isNull();
        assertThat(sim.told()).containsExactly("joined");
        assertThat(sim.entity("web").process()).isEqualTo(started);
        assertThat(sim.entity("web").conditions()).hasSize(1);
        // Another process under its name is refused, and so is another definition.
        assertThat(code(self("web", sim.process()))).isEqualTo(Code.EXISTS);
        assertThat(code(new Input.AddCondition("web", condition("died", ConditionType.DETACH, Set.of()))))
                .isEqualTo(Code.EXISTS);
    }

    // ---- 5. One restart ----

    @Test
    void oneRestartActionOverAllDeathConditions() {
        sim.running("web", onDeath("died", restart(REARM)), condition("bad", ConditionType.ABNORMAL_DEATH, Set.of()));
        var refusal = sim.apply(new Input.AddAction("web", "bad", restart())).refusal();
        assertThat(Objects.requireNonNull(refusal).code()).isEqualTo(Code.EXISTS);
        assertThat(refusal).hasMessageContaining("one restart action");
    }

    @ParameterizedTest
    @EnumSource(
            value = ConditionType.class,
            names = {"DEATH", "ABNORMAL_DEATH"},
            mode = EnumSource.Mode.EXCLUDE)
    void restartIsRefusedOutsideTheDeathConditions(ConditionType type) {
        sim.running("web", condition("c", type, Set.of()));
        assertThat(Objects.requireNonNull(sim.apply(new Input.AddAction("web", "c", restart()))
                                .refusal())
                        .code())
                .isEqualTo(Code.INVALID);
    }

    // ---- 6. Heartbeats; that marks are exact to the beat and 0 disables one: JudgeTest ----

    @Test
    void aMarkFiresItsConditionOnceAndNoOther() {
        var process = sim.beating(false);
        sim.missed(process, Beating.MISSED_LOW);
        sim.missed(process, Beating.MISSED_LOW);
        assertThat(sim.told().stream().filter("condition-true low"::equals)).hasSize(1);
        assertThat(sim.told()).doesNotContain("condition-true high");
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.told().stream().filter("condition-true high"::equals)).hasSize(1);
    }

    @Test
    void aMissKillsNothingByItself() {
        var process = sim.beating(false);
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.entity("web").process()).isEqualTo(process);
        assertThat(sim.entity("web").status()).isEqualTo(Entity.Status.RUNNING);
    }

    @Test
    void afterTheHighMarkNobodyListensUntilHeartbeatHealthyResumesTheMonitoring() {
        var process = sim.beating(false);
        sim.clear();
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.effects).contains(new Effect.Forget("web"));
        sim.clear();
        sim.apply(new Input.Heal("web", 0));
        assertThat(sim.effects).singleElement().isInstanceOf(Effect.Monitor.class);
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
    }

    // ---- 7. Self-attached ----

    @Test
    void losingTheConnectionWithoutADetachIsADeath() {
        var process = sim.process();
        attachSelf("web", process);
        sim.apply(new Input.AddCondition("web", onDeath("died", log("log"))));
        sim.clear();
        sim.apply(new Input.Lost("web", process));
        assertThat(sim.told()).startsWith("connection-lost", "death", "condition-true died", "action-started died/log");
        assertThat(sim.line("death").orElseThrow().reason()).hasValue(ExitReason.UNKNOWN);
        sim.ok("web", "died/log");
        assertThat(sim.exists("web")).isFalse();
    }

    // ---- 8. Every exit is seen, whatever its session: EasyToGetWrongIT ----

    // ---- 9. waitfor; that its delay is above 0 and its path has to appear: WaitForTest ----

    @Test
    void aWaitIsRefusedInANoWaitCondition() {
        sim.running("web", condition("c", ConditionType.DEATH, Set.of(ConditionFlag.NO_WAIT)));
        var refusal = sim.apply(new Input.AddAction("web", "c", waits("wait"))).refusal();
        assertThat(Objects.requireNonNull(refusal).code()).isEqualTo(Code.INVALID);
        assertThat(refusal).hasMessageContaining("no-wait");
    }

    // ---- 10. States and raises ----

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
        sim.running("web", Sim.onState("changed", match));
        if (before != 0) {
            sim.report(before);
            sim.entity("web").lanes().forEach(lane -> sim.ok("web", "changed/log"));
        }
        sim.report(after);
        assertThat(sim.inFlight("web")).isEqualTo(fires ? List.of("changed/log") : List.of());
        assertThat(sim.entity("web").state()).isEqualTo(after);
    }

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
    void severityIsEqualityUnlessAtLeastIsAskedForAndAnyIsNotZero(
            String type, String category, String severity, boolean fires) {
        sim.running("web", Sim.onRaise("raised", RaiseMatch.parse(type, category, severity)));
        sim.apply(new Input.RaiseFor("web", 0, 0, 2, 5));
        assertThat(sim.inFlight("web")).isEqualTo(fires ? List.of("raised/log") : List.of());
        assertThat(sim.line("raise").orElseThrow().data())
                .containsAllEntriesOf(Map.of("type", 0L, "class", 2L, "severity", 5L));
    }

    // ---- 11. The global entity ----

    @Test
    void theGlobalEntityAlwaysExistsAndMatchesAnyEntity() {
        assertThat(sim.exists(HamPath.GLOBAL)).isTrue();
        sim.apply(new Input.AddCondition(HamPath.GLOBAL, onDeath("all", log("log"))));
        sim.running("web");
        sim.running("db");
        sim.die("db");
        sim.die("web");
        assertThat(sim.inFlight("db")).containsExactly("all/log");
        assertThat(sim.inFlight("web")).containsExactly("all/log");
    }

    @Test
    void ownConditionsComeBeforeThoseOfTheGlobalEntity() {
        sim.apply(new Input.AddCondition(HamPath.GLOBAL, condition("all", ConditionType.DEATH, Set.of(), log("log"))));
        sim.running("web", onDeath("own", log("log")));
        sim.die("web");
        assertThat(sim.told())
                .filteredOn(t -> t.startsWith("condition-true"))
                .containsExactly("condition-true own", "condition-true all");
        assertThat(sim.inFlight("web")).containsExactly("own/log");
        sim.ok("web", "own/log");
        assertThat(sim.inFlight("web")).containsExactly("all/log");
        sim.ok("web", "all/log");
        assertThat(sim.exists("web")).isFalse();
        assertThat(sim.entity(HamPath.GLOBAL).conditions()).hasSize(1);
    }

    @Test
    void theGlobalEntityCannotBeAttachedOrDetached() {
        assertThat(Objects.requireNonNull(sim.apply(Sim.attach(HamPath.GLOBAL)).refusal())
                        .code())
                .isEqualTo(Code.EXISTS);
        assertThat(Objects.requireNonNull(
                                sim.apply(new Input.Detach(HamPath.GLOBAL)).refusal())
                        .code())
                .isEqualTo(Code.INVALID);
    }

    // ---- 12. Handles ----

    @Test
    void aStaleHandleIsNotFoundAndNeverAnotherObjectOfThatName() {
        sim.running("web", onDeath("died"));
        var entity = sim.entity("web").id();
        var condition = sim.entity("web").condition("died").orElseThrow().id();
        sim.apply(new Input.Detach("web"));
        assertThat(code(new Input.ReportState("web", entity, 1))).isEqualTo(Code.NOT_FOUND);
        sim.running("web", onDeath("died"));
        assertThat(code(new Input.ReportState("web", entity, 1))).isEqualTo(Code.NOT_FOUND);
        assertThat(code(new Input.Remove("web", "died", null, null, condition))).isEqualTo(Code.NOT_FOUND);
        assertThat(sim.entity("web").state()).isZero();
        assertThat(sim.entity("web").conditions()).hasSize(1);
    }

    // ---- 13. Guardian: GuardianKeeperTest, TakeoverIT, EasyToGetWrongIT ----

    // ---- 14. Abnormal death ----

    @Test
    void abnormalDeathFiresDeathTooAndFirstAndAnyRunsOnceForEachEvent() {
        sim.running(
                "web",
                condition("abnormal", ConditionType.ABNORMAL_DEATH, Set.of(), log("log")),
                condition("death", ConditionType.DEATH, Set.of(), log("log")),
                condition("any", ConditionType.ANY, Set.of(), log("log")));
        sim.die("web", ExitReason.signalled("SIGSEGV", false));
        assertThat(sim.batches.getLast()).extracting(e -> e.type()).startsWith("death");
        assertThat(sim.told())
                .filteredOn(t -> t.startsWith("condition-true") || t.endsWith("death"))
                .containsExactly(
                        "death",
                        "condition-true death",
                        "condition-true any",
                        "abnormal-death",
                        "condition-true abnormal",
                        "condition-true any");
    }

    @Test
    void aNormalExitIsNoAbnormalDeath() {
        sim.running("web", condition("abnormal", ConditionType.ABNORMAL_DEATH, Set.of(), log("log")));
        sim.die("web", ExitReason.exited(139));
        assertThat(sim.line("abnormal-death")).isEmpty();
        assertThat(sim.line("condition-true")).isEmpty();
    }

    // ---- 15. restart ----

    @Test
    void restartFiresOnlyAfterASuccessfulRestartNotAfterAFirstStart() {
        sim.apply(new Input.Attach(
                "web",
                Sim.START,
                null,
                Set.of(),
                List.of(
                        onDeath("died", restart(REARM)),
                        condition("back", ConditionType.RESTART, Set.of(), log("log"))),
                false));
        sim.startSucceeds("web");
        assertThat(sim.inFlight("web")).isEmpty();
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.inFlight("web")).containsExactly("back/log");
    }

    @Test
    void aRestartThatFailsFiresNoRestart() {
        sim.running(
                "web",
                onDeath("died", restart(REARM, KEEP_ON_FAIL)),
                condition("back", ConditionType.RESTART, Set.of(), log("log")));
        sim.die("web");
        sim.startFails("web");
        assertThat(sim.told())
                .contains("action-failed died/restart")
                .doesNotContain("restarted", "condition-true back");
    }

    private static Input.AttachSelf self(String name, ProcessId process) {
        return new Input.AttachSelf(name, process, null, null, Set.of(), 0);
    }

    private void attachSelf(String name, ProcessId process) {
        assertThat(sim.apply(self(name, process)).refusal()).isNull();
    }

    private Code code(Input input) {
        return Objects.requireNonNull(sim.apply(input).refusal(), "it was not refused")
                .code();
    }
}
