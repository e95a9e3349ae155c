package org.ham.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceFileTest {
    @TempDir
    private Path folder;

    @Test
    void turnsEveryKeyIntoAFrameworkProperty() {
        var file = parse("""
                guardian: {command: [ham, node, "it's"], beat: 100ms, hang-after: 2s}
                heartbeat: {debugger: count}
                journal: {segment-bytes: 1048576, keep-segments: 2, backlog-batches: 500}
                limits: {mailbox: 1000, actions: 10}
                verbosity: 3
                """);

        assertThat(file.problems()).isEmpty();
        assertThat(file.properties())
                .isEqualTo(Map.of(
                        "ham.guardian.command", "'ham' 'node' 'it'\\''s'",
                        "ham.guardian.beat", "100ms",
                        "ham.guardian.hang-after", "2s",
                        "ham.heartbeat.debugger", "count",
                        "ham.journal.segment-bytes", "1048576",
                        "ham.journal.keep-segments", "2",
                        "ham.journal.backlog-batches", "500",
                        "ham.limits.mailbox", "1000",
                        "ham.limits.actions", "10",
                        "ham.verbosity", "3"));
    }

    @Test
    void takesTheViewsPlaceAndNone() {
        assertThat(parse("view: {mount: /srv/ham}").properties()).isEqualTo(Map.of("ham.view.mount", "/srv/ham"));
        assertThat(parse("""
                        nodes:
                          name: alpha
                          listen: 0.0.0.0:4260
                          certificate: tls/alpha.crt
                          key: tls/alpha.key
                          trust: tls/ca.crt
                          silence: 5s
                          known:
                            beta: {address: "10.0.0.2:4260", rights: all}
                            gamma: {rights: observe}
                            delta: {address: "[fe80::2]:4260"}
                        """).properties())
                .isEqualTo(Map.of(
                        "ham.nodes.name", "alpha",
                        "ham.nodes.listen", "0.0.0.0:4260",
                        "ham.nodes.certificate", "tls/alpha.crt",
                        "ham.nodes.key", "tls/alpha.key",
                        "ham.nodes.trust", "tls/ca.crt",
                        "ham.nodes.silence", "5s",
                        "ham.nodes.known", "beta=10.0.0.2:4260/all,gamma=/observe,delta=[fe80::2]:4260"));
        assertThat(parse("view: {mount: off}").properties()).isEqualTo(Map.of("ham.view.mount", "off"));
    }

    @Test
    void takesTheGuardiansCommandAsOneLineAndAsNone() {
        assertThat(parse("guardian: {command: ham node}").properties())
                .isEqualTo(Map.of("ham.guardian.command", "ham node"));
        assertThat(parse("guardian: {command: \"\"}").properties()).isEqualTo(Map.of("ham.guardian.command", ""));
    }

    @Test
    void saysNothingForNothing() {
        for (var text : List.of("", "# all commented out\n", "guardian:\n")) {
            assertThat(parse(text)).isEqualTo(new InstanceFile(Map.of(), List.of()));
        }
        assertThat(InstanceFile.read(folder.resolve("ham.yaml"))).isEqualTo(new InstanceFile(Map.of(), List.of()));
    }

    @Test
    void saysThatAFileCannotBeRead() throws Exception {
        assertThat(InstanceFile.read(Files.createDirectory(folder.resolve("ham.yaml")))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("ham.yaml: cannot be read: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            colour: red | ham.yaml:1:9: colour: unknown key; known are: guardian.command, guardian.beat, guardian.hang-after, guardian.probation, priority, heartbeat.debugger, journal.segment-bytes, journal.keep-segments, journal.backlog-batches, limits.mailbox, limits.actions, control.others, control.connections, control.connections-per-user, control.requests, control.subscriptions, control.line-bytes, control.memory-bytes, control.first-within, control.read-within, control.take-within, view.mount, nodes.name, nodes.listen, nodes.certificate, nodes.key, nodes.trust, nodes.silence, nodes.known, verbosity
            guardian: {bat: 1s} | ham.yaml:1:17: guardian.bat: unknown key; known are: guardian.command, guardian.beat, guardian.hang-after, guardian.probation
            guardian: {beat: 1} | ham.yaml:1:18: guardian.beat: expected a duration such as 500ms, 5s or 2m, found '1'
            guardian: {beat: 0ms} | ham.yaml:1:18: guardian.beat: must be above 0
            heartbeat: {debugger: maybe} | ham.yaml:1:23: heartbeat.debugger: expected ignore or count, found 'maybe'
            guardian: [] | ham.yaml:1:11: guardian: expected a map of settings, found a list
            verbosity: loud | ham.yaml:1:12: verbosity: expected a whole number from 0 to 2147483647, found 'loud'
            journal: {keep-segments: 0} | ham.yaml:1:26: journal.keep-segments: expected a whole number from 1 to 1000, found '0'
            guardian: {beat: 2s} | ham.yaml:1:1: guardian.hang-after must be at least three times guardian.beat, which is 2000ms; it is 3000ms
            nodes: {listen: "4260", certificate: a, key: b, trust: c} | ham.yaml:1:17: nodes.listen: expected HOST:PORT such as 10.0.0.2:4260 or [fe80::2]:4260, found '4260'
            nodes: {listen: "h:70000", certificate: a, key: b, trust: c} | ham.yaml:1:17: nodes.listen: expected HOST:PORT such as 10.0.0.2:4260 or [fe80::2]:4260, found 'h:70000'
            nodes: {listen: "h:1", certificate: a, trust: c} | ham.yaml:1:1: nodes.key is missing: a PEM file, as nodes.listen or an address in nodes.known is given
            nodes: {known: {b: {address: "h:1"}}, certificate: a, key: b} | ham.yaml:1:1: nodes.trust is missing: a PEM file, as nodes.listen or an address in nodes.known is given
            nodes: {name: a/b} | ham.yaml:1:15: nodes.name: node 'a/b': expected letters, digits, hyphens, underscores and dots, a letter or digit first
            nodes: {silence: 1s} | ham.yaml:1:18: nodes.silence: expected a duration from 2s to 1h, found '1s'
            nodes: {known: {beta: {rights: some}}} | ham.yaml:1:32: nodes.known.beta.rights: rights 'some': expected one of observe, notify, all
            nodes: {known: {beta: {}}} | ham.yaml:1:23: nodes.known.beta: expected an address, rights, or both: a map such as {address: "10.0.0.2:4260", rights: all}
            control: {others: all} | ham.yaml:1:19: control.others: expected none or self, found 'all'
            control: {read-within: 1ms} | ham.yaml:1:24: control.read-within: expected a duration from 100ms to 24h, found '1ms'
            journal: {keep-segments: 1001} | ham.yaml:1:26: journal.keep-segments: expected a whole number from 1 to 1000, found '1001'
            """)
    void namesWhatIsWrong(String text, String problem) {
        var file = parse(text);

        assertThat(file.problems()).containsExactly(problem);
        assertThat(file.properties()).isEmpty();
    }

    @Test
    void aHangMarkWithoutABeatGetsOneThatSuitsIt() {
        assertThat(parse("guardian: {hang-after: 100ms}").problems()).isEmpty();
        assertThat(parse("guardian: {hang-after: 20ms}").problems()).hasSize(1);
    }

    private static InstanceFile parse(String text) {
        return InstanceFile.parse("ham.yaml", text.getBytes(StandardCharsets.UTF_8));
    }
}
