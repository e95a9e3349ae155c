package org.ham.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    @TempDir
    Path runDir;

    private final FakeHam ham = new FakeHam();
    private Terminal terminal = new Terminal(ham, Path.of("/"));

    @Test
    void statusIsTheDocumentThatChecksRead() {
        assertThat(terminal.type("status", "--json")).isZero();

        assertThat(terminal.out())
                .isEqualToIgnoringNewLines(
                        "{\"ham\":{\"pid\":42,\"epoch\":3,\"since\":\"2026-01-02T03:04:05Z\"},"
                                + "\"guardian\":{\"pid\":43,\"ready\":true},\"entities\":1,\"conditions\":2,\"actions\":3,"
                                + "\"hamFailures\":4,\"guardianFailures\":5,\"verbosity\":0,\"alarm\":\"\",\"heartbeats\":true}");
    }

    @Test
    void statusWithoutGuardianHasANull() {
        ham.guardian = OptionalLong.empty();

        terminal.type("status", "--json");
        assertThat(terminal.json().get("guardian").isJsonNull()).isTrue();

        terminal.type("status");
        assertThat(terminal.out()).contains("Guardian  none");
    }

    @Test
    void treeIsTheDocumentThatChecksRead() {
        assertThat(terminal.type("tree", "--json")).isZero();

        var web = terminal.json().getAsJsonArray("entities").get(0).getAsJsonObject();
        assertThat(web.get("name").getAsString()).isEqualTo("web");
        assertThat(web.get("kind").getAsString()).isEqualTo("external");
        assertThat(web.get("pid").getAsLong()).isEqualTo(4711);
        assertThat(web.get("startTime").getAsLong()).isEqualTo(123456);
        assertThat(web.get("restarts").getAsLong()).isEqualTo(2);
        assertThat(web.get("heartbeat").isJsonNull()).isTrue();
        assertThat(web.get("lastReason").toString())
                .isEqualTo("{\"kind\":\"signalled\",\"signal\":\"SIGKILL\",\"core\":false}");
        assertThat(web.getAsJsonArray("conditions").get(0).toString())
                .isEqualTo("{\"name\":\"died\",\"type\":\"death\",\"flags\":[\"rearm\"],\"enabled\":true,\"actions\":["
                        + "{\"name\":\"restart\",\"type\":\"restart\",\"flags\":[\"rearm\"],\"enabled\":true,"
                        + "\"parameters\":{},\"onFail\":[{\"name\":\"tell\",\"type\":\"log\",\"flags\":[],"
                        + "\"enabled\":true,\"parameters\":{\"message\":\"web is down\"},\"onFail\":[]}]}]}");
    }

    @Test
    void treeOfAPathHoldsOnlyWhatLeadsThere() {
        assertThat(terminal.type("tree", "web/died/restart", "--json")).isZero();

        var conditions = terminal.json()
                .getAsJsonArray("entities")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("conditions");
        assertThat(conditions).hasSize(1);
        assertThat(conditions.get(0).getAsJsonObject().get("name").getAsString())
                .isEqualTo("died");
    }

    @Test
    void treeIsDrawn() {
        terminal.type("tree");

        assertThat(terminal.out()).isEqualToNormalizingNewlines("""
                        web  pid 4711  running  restarts 2  [keep-on-death]  (last death: killed by SIGKILL)
                        ├─ died  death  [rearm]
                        │  └─ restart  [rearm]
                        │     └─ on fail: tell  log  message='web is down'
                        └─ gone  detach  DISABLED
                        """);
    }

    @Test
    void anUnknownPathSaysWhatThereIs() {
        assertThat(terminal.type("tree", "wbe")).isEqualTo(1);
        assertThat(terminal.err()).contains("no entity 'wbe'; there is: web");
        assertThat(terminal.type("info", "web/die")).isEqualTo(1);
        assertThat(terminal.err()).contains("no condition 'die' in entity 'web'; there is: died, gone");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void infoHasTheLabelsOfTheOriginal() {
        terminal.type("info");
        assertThat(terminal.out())
                .contains("Ham Pid", "Guardian Pid", "Ham Failures", "Guardian Failures")
                .contains("Num Entities", "Num Conditions", "Num Actions");

        terminal.type("info", "web");
        assertThat(terminal.out())
                .containsPattern("Path +: web")
                .containsPattern("Entity Pid +: 4711")
                .containsPattern("Num conditions +: 2")
                .containsPattern("Entity type +: ATTACHED")
                .containsPattern("(?m)^Stats:$")
                .containsPattern("Created +: 2026/01/02 \\d\\d:04:05:000000006")
                .containsPattern("Num Restarts +: 2");

        terminal.type("info", "web/died");
        assertThat(terminal.out())
                .containsPattern("Num Actions +: 1")
                .containsPattern("Condition ReArm +: ON")
                .containsPattern("Condition type +: CONDDEATH");

        terminal.type("info", "web/died/restart");
        assertThat(terminal.out())
                .containsPattern("Action ReArm +: ON")
                .containsPattern("Restart Line +: jwebserver -p 8000");
    }

    @Test
    void infoInJsonIsOneObjectOfLabels() {
        terminal.type("info", "web", "--json");

        assertThat(terminal.json().get("Entity Pid").getAsLong()).isEqualTo(4711);
    }

    @Test
    void attachTakesTheCommandAfterTwoHyphens() {
        assertThat(terminal.type(
                        "attach",
                        "db",
                        "--env",
                        "A=B=C",
                        "--limit",
                        "core=unlimited",
                        "--keep-on-death",
                        "--",
                        "./db",
                        "--pid",
                        "5",
                        "@x",
                        "--"))
                .isZero();

        var spec = ham.attached.getFirst();
        var start = spec.start().orElseThrow();
        assertThat(start.command()).containsExactly("/srv/db", "--pid", "5", "@x", "--");
        assertThat(start.directory()).contains("/srv");
        assertThat(start.environment()).isEqualTo(Map.of("A", "B=C"));
        assertThat(start.limits()).isEqualTo(Map.of("core", -1L));
        assertThat(start.user()).isEqualTo(Optional.empty());
        assertThat(spec.flags()).isEqualTo(Set.of(EntityFlag.KEEP_ON_DEATH));
        assertThat(ham.asked).containsExactly("attach db by 7");
    }

    @Test
    void attachTakesAPidOrNothing() {
        terminal.type("attach", "db", "--pid", "4712");
        terminal.type("attach", "later", "--placeholder");

        assertThat(ham.attached.get(0).pid()).hasValue(4712);
        assertThat(ham.attached.get(1).pid()).isEmpty();
        assertThat(ham.attached.get(1).start()).isEmpty();
    }

    @Test
    void whatTheHamRefusesIsOneLineAndExitCodeOne() {
        assertThat(terminal.type("attach", "web", "--pid", "1")).isEqualTo(1);
        assertThat(terminal.err()).isEqualToIgnoringNewLines("ham: entity 'web' is there already");
        assertThat(terminal.type("attach", "a/b", "--pid", "1")).isEqualTo(1);
        assertThat(terminal.err()).contains("a/b", "'/'");
        assertThat(terminal.type("condition", "add", "web", "x", "deth")).isEqualTo(1);
        assertThat(terminal.err()).contains("unknown condition type 'deth'; known are: death, abnormal-death");
        assertThat(terminal.type("condition", "add", "web", "x", "death", "--raerm"))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("unknown condition flag 'raerm'; known are: rearm");
        assertThat(terminal.type("action", "add", "web/died", "x", "log", "raerm"))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("unknown action flag 'raerm'; known are: rearm");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "tree --jsno",
                "tree a b",
                "attach",
                "attach db",
                "attach db --pid x",
                "attach db --pid 1 -- sleep 1",
                "attach db --pid 1 --user me",
                "attach db --limit core=many -- sleep 1",
                "condition",
                "condition nonsense",
                "condition add web died",
                "condition remove web",
                "action add web x log",
                "action add web/died x",
                "action add --on-fail web/died x log",
                "action add web/gone x log --on-fail web/died/restart",
                "action remove web/died",
                "enable",
                "verbose loud",
                "verbose 1.5",
                "events --since x",
                "events --limit -1",
                "events --follow",
                "why",
                "bogus --help",
                "--help bogus",
                "condition bogus --help",
                "state web",
                "state web high",
                "state web 1.5",
                "state web --x",
                "raise web 1 2",
                "raise web 1 2 x",
                "beat a b",
                "heartbeats maybe",
                "flags",
                "flags web change rearm",
                "flags web add"
            })
    void wrongUsageIsExplainedAndHasExitCodeTwo(String line) {
        assertThat(terminal.type(line.isEmpty() ? new String[0] : line.split(" ")))
                .isEqualTo(2);
        assertThat(terminal.err()).startsWith("ham: ").contains("--help");
        assertThat(terminal.out()).isEmpty();
        assertThat(ham.asked).isEmpty();
    }

    @Test
    void everyCommandHasHelp() {
        for (var name : Commands.served().names()) {
            assertThat(terminal.type(name, "--help")).as(name).isZero();
            assertThat(terminal.out()).as(name).contains("ham " + name);
        }
        assertThat(terminal.type("--help")).isZero();
        assertThat(terminal.out()).contains(Commands.served().names());
        assertThat(terminal.type("action", "add", "--help")).isZero();
        assertThat(terminal.out()).contains("--on-fail");
        assertThat(terminal.type("--version")).isZero();
        assertThat(terminal.out()).startsWith("ham ");
    }

    @Test
    void conditionsAreAddedAndRemovedFlagsWithOrWithoutHyphens() {
        terminal.type("condition", "add", "*", "all", "any", "rearm", "--keep-on-empty");
        terminal.type("condition", "remove", "web/died");

        assertThat(ham.asked).containsExactly("condition * all ANY[REARM, KEEP_ON_EMPTY] by 7", "remove web/died by 7");
    }

    @Test
    void actionsAreAddedWithParametersAndFlags() {
        terminal.type(
                "action",
                "add",
                "web/died",
                "tell",
                "execute",
                "command=/bin/echo a=b",
                "to=x",
                "to=y",
                "rearm",
                "--do-now");

        assertThat(ham.asked).containsExactly("action web/died tell execute[REARM, DO_NOW] by 7");
        assertThat(ham.actions.getFirst().parameters())
                .isEqualTo(Map.of("command", "/bin/echo a=b", "to", List.of("x", "y")));
    }

    @Test
    void failItemsAreAddedInEveryWayOfSayingIt() {
        terminal.type("action", "add", "--on-fail", "web/died/restart", "tell", "log", "message=x");
        terminal.type("action", "add", "web/died", "tell", "log", "message=x", "--on-fail", "web/died/restart");
        terminal.type("action", "add", "web/died", "tell", "log", "message=x", "--on-fail=restart");

        assertThat(ham.asked).hasSize(3).allMatch(asked -> asked.equals("on-fail web/died/restart tell log by 7"));
    }

    @Test
    void actionsAndFailItemsAreRemoved() {
        terminal.type("action", "remove", "web/died/restart");
        terminal.type("action", "remove", "web/died/restart/tell");
        terminal.type("action", "remove", "tell", "--on-fail", "web/died/restart");

        assertThat(ham.asked)
                .containsExactly(
                        "remove web/died/restart by 7",
                        "remove tell of web/died/restart by 7",
                        "remove tell of web/died/restart by 7");
    }

    @Test
    void thingsAreSwitched() {
        terminal.type("disable", "web/died", "--recurse");
        terminal.type("enable", "web");

        assertThat(ham.asked).containsExactly("disable web/died all by 7", "enable web by 7");
    }

    @Test
    void statesAreReportedAndThingsRaised() {
        assertThat(terminal.type("state", "web", "3")).isZero();
        assertThat(terminal.out()).contains("web is in state 3");
        terminal.type("state", "web", "-1");
        terminal.type("raise", "web", "1", "0", "-5");

        assertThat(ham.asked)
                .containsExactly(
                        "state web 3 by 7",
                        "state web -1 by 7",
                        "raise web Raise[type=1, category=0, severity=-5] by 7");
    }

    @Test
    void conditionsOnStatesAndRaisesSayWhichCount() {
        terminal.type("condition", "add", "web", "s", "state", "from=not 0", "to=1,4", "no-rearm");
        terminal.type("condition", "add", "web", "r", "raise", "type=1", "severity=3+");
        terminal.type("condition", "add", "web", "low", "heartbeat-missed-low");

        assertThat(ham.conditions)
                .containsExactly(
                        ConditionSpec.onState(
                                "s",
                                new StateMatch(StateSet.not(Set.of(0)), StateSet.of(Set.of(1, 4))),
                                Set.of(ConditionFlag.NO_REARM)),
                        ConditionSpec.onRaise("r", RaiseMatch.parse("1", "any", "3+"), Set.of()),
                        ConditionSpec.of("low", ConditionType.HEARTBEAT_MISSED_LOW, Set.of()));
    }

    @Test
    void wrongMatchesAreRefused() {
        assertThat(terminal.type("condition", "add", "web", "s", "state", "from=x"))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("from: expected any, a state such as 3", "found 'x'");
        terminal.type("condition", "add", "web", "s", "state", "type=1");
        assertThat(terminal.err()).contains("a condition of type state has no 'type'; known are: from, to");
        terminal.type("condition", "add", "web", "s", "death", "to=1");
        assertThat(terminal.err())
                .contains("a condition of type death has no 'to'; only state and raise have parameters");
        terminal.type("condition", "add", "web", "r", "raise", "severity=bad");
        assertThat(terminal.err()).contains("severity: expected any, a number such as 3 or at least that as 3+");
        terminal.type("condition", "add", "web", "s", "state", "to=1", "to=2");
        assertThat(terminal.err()).contains("'to' is given twice");
        assertThat(ham.asked).isEmpty();
    }

    @Test
    void beatsAreForAnEntityOrTheCallersOwn() {
        assertThat(terminal.type("beat", "web")).isZero();
        assertThat(terminal.out()).contains("beat for web; it has no heartbeat");
        ham.entities = List.of(FakeHam.beating(1000));
        terminal.type("beat", "web");
        assertThat(terminal.out()).isEqualToIgnoringNewLines("beat for web");
        assertThat(terminal.type("beat")).isEqualTo(1);
        assertThat(terminal.err()).contains("is no entity and descends from none; say for which one: ham beat ENTITY");
        assertThat(ham.asked).containsExactly("beat web by 7", "beat web by 7");
    }

    @Test
    void theCallersOwnEntityIsFoundAmongItsAncestors() {
        var self = ProcessHandle.current();
        assertThat(Ancestors.of(self.pid()))
                .startsWith(self.pid(), self.parent().orElseThrow().pid());
        assertThat(Ancestors.of(0)).isEmpty();
    }

    @Test
    void heartbeatsAreSuspendedAndResumed() {
        terminal.type("heartbeats");
        assertThat(terminal.out()).contains("heartbeats count");
        terminal.type("heartbeats", "suspend", "--json");
        assertThat(terminal.out()).isEqualToIgnoringNewLines("{\"heartbeats\":false}");
        terminal.type("heartbeats", "show");
        assertThat(terminal.out()).contains("heartbeats are suspended");
        terminal.type("heartbeats", "resume");

        assertThat(ham.asked).containsExactly("heartbeats false by 7", "heartbeats true by 7");
    }

    @Test
    void flagsAreShownAndChanged() {
        terminal.type("flags", "web/died");
        assertThat(terminal.out()).contains("web/died: rearm");
        terminal.type("flags", "web/gone", "--json");
        assertThat(terminal.out()).isEqualToIgnoringNewLines("{\"path\":\"web/gone\",\"flags\":[]}");
        terminal.type("flags", "web", "set");
        terminal.type("flags", "web/died", "add", "no-wait");
        terminal.type("flags", "web/died/restart", "remove", "rearm");
        assertThat(terminal.type("flags", "web/died", "add", "keep-on-death")).isEqualTo(1);
        assertThat(terminal.err()).contains("unknown condition flag 'keep-on-death'");

        assertThat(ham.asked)
                .containsExactly(
                        "flags web SET[] by 7",
                        "flags web/died ADD[NO_WAIT] by 7",
                        "flags web/died/restart REMOVE[REARM] by 7");
    }

    @Test
    void treeAndInfoShowHeartbeatStateReadinessAndText() {
        ham.entities = List.of(FakeHam.beating(1_000_000_000));
        terminal.type("tree");
        assertThat(terminal.out())
                .contains("web  pid 4711  running  restarts 2  state 3  ready"
                        + "  heartbeat missed-low (1s, low 2, high 5)  'all is well'")
                .contains("changed  state  from any to not 0")
                .contains("raised  raise  type 1, class any, severity 3+");
        terminal.type("tree", "--json");
        var web = terminal.json().getAsJsonArray("entities").get(0).getAsJsonObject();
        assertThat(web.get("heartbeat").toString())
                .isEqualTo("{\"period\":1000000000,\"low\":2,\"high\":5,\"selfHealing\":false,"
                        + "\"state\":\"missed-low\"}");
        assertThat(web.get("state").getAsInt()).isEqualTo(3);
        assertThat(web.get("ready").getAsBoolean()).isTrue();
        assertThat(web.get("text").getAsString()).isEqualTo("all is well");
        terminal.type("info", "web");
        assertThat(terminal.out())
                .containsPattern("HeartBeat Period +: 1000000000")
                .containsPattern("HB Low Mark +: 2")
                .containsPattern("HB High Mark +: 5")
                .containsPattern("HeartBeat State +: MISSED-LOW")
                .containsPattern("State +: 3")
                .containsPattern("Ready +: YES")
                .containsPattern("Text +: all is well");
        terminal.type("info", "web/changed");
        assertThat(terminal.out()).containsPattern("To State +: not 0").containsPattern("Condition type +: CONDSTATE");
    }

    @Test
    void durationsAreWrittenAsFilesHaveThem() {
        assertThat(Durations.text(1_500_000_000L)).isEqualTo("1500ms");
        assertThat(Durations.text(120_000_000_000L)).isEqualTo("2m");
        assertThat(Durations.text(1)).isEqualTo("1ns");
    }

    @Test
    void verbosityIsShownRaisedLoweredAndSet() {
        terminal.type("verbose", "+");
        assertThat(ham.verbosity).isEqualTo(1);
        terminal.type("verbose", "4");
        assertThat(ham.verbosity).isEqualTo(4);
        terminal.type("verbose", "-");
        assertThat(ham.verbosity).isEqualTo(3);
        terminal.type("verbose", "--json");
        assertThat(terminal.json().get("verbosity").getAsInt()).isEqualTo(3);
    }

    @Test
    void changesAnswerInJsonToo() {
        terminal.type("detach", "web", "--json");

        assertThat(terminal.out()).isEqualToIgnoringNewLines("{\"done\":true,\"path\":\"web\"}");
    }

    @Test
    void commonOptionsMayStandBeforeTheCommand() {
        assertThat(terminal.type("--run-dir", "tree", "--json", "status")).isZero();
        assertThat(terminal.json().has("ham")).isTrue();
    }

    @Test
    void eventsOfAJournalThatIsNotThereAreNone() {
        terminal = new Terminal(ham, runDir);

        assertThat(terminal.type("events", "--json")).isZero();
        assertThat(terminal.out()).isEmpty();
    }
}
