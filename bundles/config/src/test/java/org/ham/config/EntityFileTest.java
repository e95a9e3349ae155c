package org.ham.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.EntitySpec;
import org.ham.api.HeartbeatSpec;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityFileTest {
    private static final String WHOLE = """
            entity: web
            start: [jwebserver, -p, "8000", 17]
            directory: www/../site
            environment: {LANG: C.UTF-8, RETRIES: 3}
            user: www-data
            limits: {nofile: 4096, core: unlimited, nproc: -1}
            output: web-1.log
            flags: [keep-on-death]
            on-remove: stop
            conditions:
              died:
                when: death
                flags: [rearm, independent]
                actions:
                  - log
                  - restart: {flags: [rearm]}
                  - wait: {type: waitfor, path: /run/web.ready, delay: 5s, on-fail: [{type: log, message: "web is not ready", verbosity: 2}, {type: log, message: again}, tell, other: {type: log, message: x}]}
                  - tell: {type: execute, command: [/usr/local/bin/notify, 007, 1.50, true], environment: {A: 1}, flags: [rearm, break-on-fail]}
              quiet:
                when: attach
            """;

    @Test
    void readsAWholeFile() {
        var file = parse(WHOLE);

        assertThat(file.problems()).isEmpty();
        assertThat(file.documents())
                .containsExactly(new EntityDocument(
                        new EntitySpec(
                                "web",
                                Optional.of(new StartSpec(
                                        List.of("jwebserver", "-p", "8000", "17"),
                                        Optional.of("/conf/site"),
                                        Map.of("LANG", "C.UTF-8", "RETRIES", "3"),
                                        Optional.of("www-data"),
                                        Map.of("nofile", 4096L, "core", -1L, "nproc", -1L),
                                        Optional.of("web-1.log"))),
                                OptionalLong.empty(),
                                Set.of(EntityFlag.KEEP_ON_DEATH),
                                List.of(
                                        new ConditionSpec(
                                                "died",
                                                ConditionType.DEATH,
                                                Set.of(ConditionFlag.REARM, ConditionFlag.INDEPENDENT),
                                                actions()),
                                        ConditionSpec.of("quiet", ConditionType.ATTACH, Set.of()))),
                        true));
    }

    private static List<ActionSpec> actions() {
        return List.of(
                ActionSpec.of("log", "log", Map.of()),
                new ActionSpec("restart", "restart", Map.of(), Set.of(ActionFlag.REARM), List.of()),
                new ActionSpec(
                        "wait",
                        "waitfor",
                        Map.of("path", "/run/web.ready", "delay", "5s"),
                        Set.of(),
                        List.of(
                                ActionSpec.of("log", "log", Map.of("message", "web is not ready", "verbosity", 2L)),
                                ActionSpec.of("log-2", "log", Map.of("message", "again")),
                                ActionSpec.of("tell", "tell", Map.of()),
                                ActionSpec.of("other", "log", Map.of("message", "x")))),
                new ActionSpec(
                        "tell",
                        "execute",
                        Map.of(
                                "command",
                                List.of("/usr/local/bin/notify", "007", "1.50", "true"),
                                "environment",
                                Map.of("A", "1")),
                        Set.of(ActionFlag.REARM, ActionFlag.BREAK_ON_FAIL),
                        List.of()));
    }

    @Test
    void readsSeveralDocumentsOfAllKinds() {
        var file = parse("""
                ---
                entity: db
                pid: 4711
                ---
                # nothing
                ---
                entity: later
                placeholder: true
                on-remove: leave
                ---
                entity: "*"
                conditions: {any: {when: any, actions: [log: {message: something happened}]}}
                """);

        assertThat(file.problems()).isEmpty();
        assertThat(file.documents())
                .extracting(document -> document.entity().name())
                .containsExactly("db", "later", "*");
        assertThat(file.documents().getFirst().entity()).isEqualTo(EntitySpec.running("db", 4711));
        assertThat(file.documents().get(1)).isEqualTo(new EntityDocument(EntitySpec.placeholder("later"), false));
        assertThat(file.documents().get(2).entity().conditions()).hasSize(1);
    }

    @Test
    void resolvesAliases() {
        var file = parse("""
                entity: web
                start: &command [a, b]
                conditions: {died: {when: death, actions: [restart: {command: *command}]}}
                """);

        assertThat(file.problems()).isEmpty();
        assertThat(file.documents()
                        .getFirst()
                        .entity()
                        .conditions()
                        .getFirst()
                        .actions()
                        .getFirst()
                        .parameters())
                .isEqualTo(Map.of("command", List.of("a", "b")));
    }

    @Test
    void saysFileLineColumnFieldAndWhatWasExpected() {
        assertThat(parse("""
                        entity: web
                        start: [a]
                        conditions:
                          died:
                            when: deth
                        """).problems())
                .containsExactly("web.yaml:5:11: conditions.died.when: unknown condition type 'deth'; known are: death,"
                        + " abnormal-death, detach, attach, restart, heartbeat-missed-low, heartbeat-missed-high, state,"
                        + " raise, any");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {start: [a]} | web.yaml:1:1: entity: is missing; give the entity a name
            {entity: [x], start: [a]} | web.yaml:1:10: entity: expected a name, found a list
            {entity: a/b, start: [a]} | web.yaml:1:10: entity: entity name 'a/b' has a '/', which separates names in a path
            {entity: x} | web.yaml:1:1: give one of start: COMMAND, pid: NUMBER or placeholder: true
            {entity: x, start: [a], pid: 3} | web.yaml:1:30: pid: give either start or pid, not both
            {entity: x, start: a b} | web.yaml:1:20: start: expected a list of words such as [jwebserver, -p, "8000"], found 'a b'
            {entity: x, start: []} | web.yaml:1:20: start: start: the command is empty; give a program and its arguments
            {entity: x, start: [a, {b: c}]} | web.yaml:1:24: start[1]: expected a text, found a map with the keys b
            {entity: x, start: [a, ]} | -
            {entity: x, start: [a, null]} | web.yaml:1:24: start[1]: expected a text, found nothing
            {entity: x, pid: web} | web.yaml:1:18: pid: expected a process number above 0, found 'web'
            {entity: x, pid: 0} | web.yaml:1:18: pid: expected a process number above 0, found '0'
            {entity: x, pid: 99999999999999999999} | web.yaml:1:18: pid: expected a process number above 0, found '99999999999999999999'
            {entity: x, placeholder: false} | web.yaml:1:26: placeholder: expected true; leave the key out for an entity with a process
            {entity: x, placeholder: yes} | web.yaml:1:26: placeholder: expected true or false, found 'yes'
            {entity: "*", start: [a]} | web.yaml:1:22: start: the global entity '*' has no process, only conditions
            {entity: x, pid: 3, user: me} | web.yaml:1:27: user: counts for a process that HAM starts; give start: as well
            {entity: x, start: [a], limits: {nofile: much}} | web.yaml:1:42: limits.nofile: expected a number or unlimited, found 'much'
            {entity: x, start: [a], environment: [A]} | web.yaml:1:38: environment: expected a map such as {LANG: C.UTF-8}, found a list
            {entity: x, start: [a], flags: [keep]} | web.yaml:1:33: flags[0]: unknown entity flag 'keep'; known are: keep-on-death
            {entity: x, start: [a], flags: keep-on-death} | web.yaml:1:32: flags: expected a list of flags such as [keep-on-death], found 'keep-on-death'
            {entity: x, start: [a], on-remove: kill} | web.yaml:1:36: on-remove: expected stop or leave, found 'kill'
            {entity: x, start: [a], heartbeat: soon} | web.yaml:1:36: heartbeat: expected a map such as {period: 1s, low: 2, high: 5}, found 'soon'
            {entity: x, start: [a], heartbeat: {low: 2}} | web.yaml:1:36: heartbeat: period is missing; give a duration such as 1s
            {entity: x, start: [a], heartbeat: {period: 1s}} | web.yaml:1:36: heartbeat: low and high are missing; say how many missed beats count, such as low: 2, high: 5
            {entity: x, start: [a], heartbeat: {period: soon, low: 1}} | web.yaml:1:45: heartbeat.period: expected a duration such as 500ms, 5s or 2m, found 'soon'
            {entity: x, start: [a], heartbeat: {period: 0s, low: 1}} | web.yaml:1:45: heartbeat.period: must be above 0
            {entity: x, start: [a], heartbeat: {period: 25h, low: 1}} | web.yaml:1:36: heartbeat: heartbeat period PT25H: expected from 1 ms to 24 h, 0 is no heartbeat
            {entity: x, start: [a], heartbeat: {period: 1s, low: 6, high: 5}} | web.yaml:1:36: heartbeat: heartbeat marks: low 6 is above high 5; swap them
            {entity: x, start: [a], heartbeat: {period: 1s, low: few}} | web.yaml:1:54: heartbeat.low: expected a number of missed beats up to 1000000, 0 for never, found 'few'
            {entity: x, start: [a], heartbeat: {period: 1s, high: 1000001}} | web.yaml:1:55: heartbeat.high: expected a number of missed beats up to 1000000, 0 for never, found '1000001'
            {entity: x, start: [a], heartbeat: {period: 1s, low: 1, self-healing: maybe}} | web.yaml:1:71: heartbeat.self-healing: expected true or false, found 'maybe'
            {entity: x, start: [a], heartbeat: {period: 1s, low: 1, mark: 2}} | web.yaml:1:63: heartbeat.mark: unknown key; known are: period, low, high, self-healing
            {entity: x, start: [a], conditions: {c: {when: state, to: [1, two]}}} | web.yaml:1:63: conditions.c.to[1]: expected a whole number from -2147483648 to 2147483647, found 'two'
            {entity: x, start: [a], conditions: {c: {when: state, to: {but: 1}}}} | web.yaml:1:65: conditions.c.to.but: unknown key; known are: not
            {entity: x, start: [a], conditions: {c: {when: state, from: 1-4}}} | web.yaml:1:61: conditions.c.from: expected any, a state such as 3, several as 1,4 or all others as not 1,4; found '1-4'
            {entity: x, start: [a], conditions: {c: {when: death, to: 1}}} | web.yaml:1:59: conditions.c.to: counts for when: state only
            {entity: x, start: [a], conditions: {c: {when: state, type: 1}}} | web.yaml:1:61: conditions.c.type: counts for when: raise only
            {entity: x, start: [a], conditions: {c: {when: raise, class: high}}} | web.yaml:1:41: conditions.c: class: expected any or a number such as 3, found 'high'
            {entity: x, start: [a], conditions: {c: {when: raise, severity: any+}}} | web.yaml:1:41: conditions.c: severity: expected any, a number such as 3 or at least that as 3+, found 'any+'
            {entity: x, start: [a], conditions: [a]} | web.yaml:1:37: conditions: expected a map of conditions by their names, found a list
            {entity: x, start: [a], conditions: {c: {}}} | web.yaml:1:41: conditions.c: when is missing; give a condition type such as when: death
            {entity: x, start: [a], conditions: {c: {when: death, flags: [rarm]}}} | web.yaml:1:63: conditions.c.flags[0]: unknown condition flag 'rarm'; known are: rearm, no-rearm, no-wait, independent, keep-on-empty
            {entity: x, start: [a], conditions: {c: {when: death, actions: {log: {}}}}} | web.yaml:1:64: conditions.c.actions: expected a list of actions as NAME: {type: …}, found a map with the keys log
            {entity: x, start: [a], conditions: {c: {when: death, actions: [{type: log, message: m}]}}} | web.yaml:1:65: conditions.c.actions[0]: expected an action as NAME: {type: …}, found a map with the keys type, message
            {entity: x, start: [a], conditions: {c: {when: death, actions: [log: 5]}}} | web.yaml:1:70: conditions.c.actions[0].log: expected a map of parameters, found '5'
            {entity: x, start: [a], conditions: {c: {when: death, actions: [log: {flags: [keep]}]}}} | web.yaml:1:79: conditions.c.actions[0].log.flags[0]: unknown action flag 'keep'; known are: rearm, no-rearm, do-now, break-on-fail, keep-on-fail
            {entity: x, start: [a], conditions: {c: {when: death, actions: [log: {type: ""}]}}} | web.yaml:1:70: conditions.c.actions[0].log: action 'log' has no type; say for example type: log
            {entity: x, start: [a], conditions: {c: {when: death, actions: [log, log]}}} | web.yaml:1:41: conditions.c: condition 'c' has two actions of one name
            {entity: x, start: [a], conditions: {c: {when: death, actions: [log: {on-fail: [{a: {type: log}}, a]}]}}} | web.yaml:1:99: conditions.c.actions[0].log.on-fail[1]: the fail item 'a' stands here twice
            {entity: x, start: [a], conditions: {c: {when: death, actions: [log: {on-fail: [{type: log, flags: [rearm]}]}]}}} | web.yaml:1:70: conditions.c.actions[0].log: fail item 'log' of action 'log' may have neither flags nor fail items
            {entity: x, start: [a], colour: red} | web.yaml:1:33: colour: unknown key; known are: entity, start, pid, placeholder, directory, environment, user, limits, output, flags, heartbeat, on-remove, conditions
            {entity: x, start: [a], start: [b]} | web.yaml:1:25: the key 'start' stands here twice
            [a] | web.yaml:1:1: expected a map that begins with entity: NAME, found a list
            """)
    void namesWhatIsWrong(String text, String problem) {
        var problems = parse(text).problems();

        assertThat(problems).isEqualTo(problem.equals("-") ? List.of() : List.of(problem));
    }

    @Test
    void readsHeartbeats() {
        assertThat(heartbeat("{period: 1s, low: 2, high: 5}")).contains(HeartbeatSpec.of(Duration.ofSeconds(1), 2, 5));
        assertThat(heartbeat("{period: 1ms, high: 3, self-healing: true}"))
                .contains(new HeartbeatSpec(Duration.ofMillis(1), 0, 3, true));
        assertThat(heartbeat("{period: 24h, low: 0, high: 0}"))
                .contains(new HeartbeatSpec(Duration.ofDays(1), 0, 0, false));
    }

    private static Optional<HeartbeatSpec> heartbeat(String text) {
        return parse("{entity: x, start: [a], heartbeat: " + text + "}")
                .documents()
                .getFirst()
                .entity()
                .heartbeat();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {when: state} | any | any
            {when: state, to: 0} | any | 0
            {when: state, from: any, to: [4, 1]} | any | 1,4
            {when: state, from: {not: [1, 4]}, to: "not 2"} | not 1,4 | not 2
            {when: state, from: {not: 0}, to: -1} | not 0 | -1
            """)
    void readsWhichChangesOfStateCount(String condition, String from, String to) {
        assertThat(condition(condition).onState()).contains(new StateMatch(StateSet.parse(from), StateSet.parse(to)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {when: raise} | any | any | any
            {when: raise, type: 0} | 0 | any | any
            {when: raise, type: 1, class: -2, severity: 3} | 1 | -2 | 3
            {when: raise, type: any, severity: 3+} | any | any | 3+
            """)
    void readsWhatCountsOfWhatIsRaised(String condition, String type, String category, String severity) {
        assertThat(condition(condition).onRaise()).contains(RaiseMatch.parse(type, category, severity));
    }

    @Test
    void readsTheConditionsOfMissedBeats() {
        assertThat(condition("{when: heartbeat-missed-low}").type()).isEqualTo(ConditionType.HEARTBEAT_MISSED_LOW);
        assertThat(condition("{when: heartbeat-missed-high}").type()).isEqualTo(ConditionType.HEARTBEAT_MISSED_HIGH);
    }

    private static ConditionSpec condition(String text) {
        return parse("{entity: x, start: [a], conditions: {c: " + text + "}}")
                .documents()
                .getFirst()
                .entity()
                .conditions()
                .getFirst();
    }

    @Test
    void refusesTheWholeFileForOneMistake() {
        var file = parse("{entity: good, start: [a]}\n---\n{entity: bad}\n---\n{entity: good, pid: 3}\n");

        assertThat(file.documents()).isEmpty();
        assertThat(file.problems())
                .containsExactly(
                        "web.yaml:3:1: give one of start: COMMAND, pid: NUMBER or placeholder: true",
                        "web.yaml:5:10: entity: the entity 'good' stands twice in this file");
    }

    @Test
    void refusesAFileThatSaysNothing() {
        for (var text : List.of("", "# nothing\n", "---\n---\n")) {
            assertThat(parse(text).problems())
                    .containsExactly("web.yaml: the file is empty; expected entity: NAME and what to do with it");
        }
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertThat(parse("entity: web\nstart: [a\nuser: me\n").problems())
                .singleElement()
                .asString()
                .startsWith("web.yaml:3:5: not valid YAML: while parsing a flow sequence");
        assertThat(parse("entity: a\u0007b").problems())
                .singleElement()
                .asString()
                .startsWith("web.yaml: not valid YAML: ");
        assertThat(EntityFile.parse(Path.of("/conf"), "web.yaml", new byte[] {'a', (byte) 0xff})
                        .problems())
                .containsExactly("web.yaml: the file is not UTF-8 text");
    }

    @Test
    void refusesWhatStandsForTooMuch() {
        assertThat(parse("a".repeat((1 << 20) + 1)).problems())
                .containsExactly("web.yaml: the file has 1048577 bytes, the most is 1048576; split it");
        assertThat(parse("--- {entity: x}\n".repeat(1001)).problems())
                .containsExactly("web.yaml:1001:1: more than 1000 documents; split the file");
        assertThat(parse("[".repeat(500_000)).problems())
                .containsExactly("web.yaml:1:33: lists and maps nested more than 32 deep");
        assertThat(parse("a: &a x\nb: [" + "*a,".repeat(1001) + "]").problems())
                .singleElement()
                .asString()
                .endsWith(": more than 1000 aliases");
        var words = "[" + "w,".repeat(2000) + "]";
        assertThat(parse("{entity: x, start: &w " + words + ", conditions: {c: {when: death, actions: [" + "a: {"
                                + manyParameters() + "}]}}}")
                        .problems())
                .singleElement()
                .asString()
                .endsWith("the file stands for more than 100000 values");
    }

    private static String manyParameters() {
        var text = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            text.append("p").append(i).append(": *w,");
        }
        return text.toString();
    }

    @Test
    void showsTheFirstTwentyMistakesOnly() {
        assertThat(parse("{entity: x}\n---\n".repeat(50)).problems()).hasSize(20);
    }

    private static EntityFile parse(String text) {
        return EntityFile.parse(Path.of("/conf"), "web.yaml", text.getBytes(StandardCharsets.UTF_8));
    }
}
