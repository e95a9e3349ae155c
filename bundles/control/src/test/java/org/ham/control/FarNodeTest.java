package org.ham.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.CommandRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What other nodes may do. This process is the HAM, so it may speak for them. */
@Timeout(60)
class FarNodeTest {
    private static final String PULSE =
            "{\"pid\":5,\"channel\":2,\"request\":\"r-1\",\"pulse\":{\"code\":7,\"value\":8,"
                    + "\"id\":\"inv-1\",\"action\":\"web/died/tell\",\"event\":{\"seq\":3,\"epoch\":1,"
                    + "\"time\":\"1970-01-01T00:00:00Z\",\"mono\":3,\"type\":\"death\"}}}";

    @RegisterExtension
    final Served served = new Served();

    private Raw behalf(String rights) throws IOException {
        return served.raw()
                .send("{\"jsonrpc\":\"2.0\",\"method\":\"behalf\",\"params\":{\"node\":\"alpha\",\"rights\":\"" + rights
                        + "\"}}");
    }

    @Test
    void theNodeIsTheActorAndItsIdsAreItsOwn() throws IOException {
        try (var raw = behalf("all")) {
            raw.call(1, "hello", "{\"protocol\":1,\"name\":\"deploy\"}");
            assertThat(raw.line()).contains("\"all\":true");
            raw.call(
                    2,
                    "raise",
                    "{\"entity\":{\"name\":\"web\"},\"what\":{\"type\":1,\"category\":2,\"severity\":3},"
                            + "\"request\":\"r-1\"}");
            assertThat(raw.line()).contains("\"result\":{}");
        }
        assertThat(served.ham.actors).first().isEqualTo(Actor.part("node alpha"));
        assertThat(served.ham.processes.getFirst()).isEmpty();
        assertThat(served.ham.requests()).containsExactly("node alpha/r-1");
    }

    @Test
    void whoObservesChangesNothing() throws IOException {
        try (var raw = behalf("observe")) {
            for (var looking : List.of("status", "tree", "verbosity", "heartbeats")) {
                raw.call(1, looking, "{}");
                assertThat(raw.line()).as(looking).contains("\"result\"");
            }
            for (var method : List.of("attach", "detach", "stop", "signal", "pulse", "command", "raise")) {
                raw.call(2, method, "{}");
                assertThat(raw.line())
                        .contains("\"code\":13")
                        .contains("node alpha has the rights 'observe' here, which do not let it " + method);
            }
            raw.call(3, "verbosity", "{\"level\":2}");
            assertThat(raw.line()).contains("\"code\":13", "verbosity something new");
            raw.call(4, "heartbeats", "{\"active\":false}");
            assertThat(raw.line()).contains("\"code\":13");
        }
    }

    @Test
    void whoNotifiesMaySendPulsesAndSignalsAsWell() throws IOException {
        var sent = new CopyOnWriteArrayList<String>();
        served.installed.bindPulses((pid, channel, pulse, _) -> sent.add(pid + " " + channel + " " + pulse.id()));
        try (var raw = behalf("notify");
                var again = behalf("notify")) {
            raw.call(1, "pulse", PULSE);
            assertThat(raw.line()).contains("\"result\":{}");
            again.call(1, "pulse", PULSE);
            assertThat(again.line()).contains("\"result\":{}");
            raw.call(2, "stop", "{}");
            assertThat(raw.line()).contains("\"code\":13");
        }
        assertThat(sent).containsExactly("5 2 inv-1");
    }

    @Test
    void aSignalIsSentToAProcessHere() throws Exception {
        var target = new ProcessBuilder("sleep", "1000").start();
        try (var raw = behalf("notify")) {
            raw.call(1, "signal", "{\"pid\":" + target.pid() + ",\"signal\":\"SIGTERM\",\"request\":\"r-2\"}");
            assertThat(raw.line()).contains("\"result\":{}");
            assertThat(target.waitFor()).isEqualTo(128 + 15);
            raw.call(2, "signal", "{\"pid\":" + target.pid() + ",\"signal\":\"SIGTERM\",\"request\":\"r-3\"}");
            assertThat(raw.line()).contains("\"code\":2", "SIGTERM not sent to process " + target.pid());
            raw.call(3, "signal", "{\"pid\":0,\"signal\":\"SIGTERM\"}");
            assertThat(raw.line()).contains("\"code\":22", "pid: 0 is not a process");
            raw.call(4, "signal", "{\"pid\":1,\"signal\":\"SIGFOO\"}");
            assertThat(raw.line()).contains("\"code\":22", "there is no signal 'SIGFOO'");
        } finally {
            target.destroyForcibly();
        }
    }

    @Test
    void processesAttachThemselvesAtTheHamOfTheirOwnNode() throws IOException {
        try (var raw = behalf("all")) {
            for (var method : List.of("attachSelf", "openChannel")) {
                raw.call(1, method, "{}");
                assertThat(raw.line()).contains("\"code\":22", "at the HAM of its own node");
            }
        }
    }

    @Test
    void commandsAreCarriedOutForWhoMayAll() throws IOException {
        try (var raw = behalf("all")) {
            raw.call(1, "command", "{\"words\":[\"tree\"]}");
            assertThat(raw.line()).contains("\"code\":11", "nobody carries out commands here");
            served.installed.bindCommands(
                    (words, actor) -> new CommandRunner.Answer(words + " " + actor.name() + "\n", "", 1));
            raw.call(2, "command", "{\"words\":[\"tree\",\"--json\"]}");
            assertThat(raw.line())
                    .contains("\"result\":{\"out\":\"[tree, --json] node alpha\\n\",\"err\":\"\",\"exit\":1}");
        }
    }

    @Test
    void nobodySpeaksForANodeAfterSomethingElseWasSaid() throws IOException {
        try (var raw = served.raw()) {
            raw.call(1, "status", "{}");
            assertThat(raw.line()).contains("\"result\"");
            raw.send("{\"jsonrpc\":\"2.0\",\"method\":\"behalf\",\"params\":{\"node\":\"alpha\",\"rights\":\"all\"}}");
            assertThat(raw.line()).contains("\"bye\"", "EACCES", "only the HAM itself speaks for other nodes");
            assertThat(raw.ended()).isTrue();
        }
        try (var raw = behalf("observe")) {
            raw.send("{\"jsonrpc\":\"2.0\",\"method\":\"behalf\",\"params\":{\"node\":\"alpha\",\"rights\":\"all\"}}");
            assertThat(raw.line()).contains("\"bye\"", "EACCES");
        }
    }

    @Test
    void noOtherProcessSpeaksForANode() throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stranger.class.getName(),
                        served.socket().toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"bye\"", "EACCES");
    }

    /** Another process of the same user. */
    static final class Stranger {
        private Stranger() {}

        public static void main(String[] socket) throws IOException {
            try (var raw = new Raw(Path.of(socket[0]))) {
                raw.send("{\"jsonrpc\":\"2.0\",\"method\":\"behalf\",\"params\":{\"node\":\"a\",\"rights\":\"all\"}}");
                System.out.println(raw.line());
            }
        }
    }

    @Test
    void aRepeatWaitsForTheFirstAndGetsItsAnswer() throws InterruptedException {
        var once = new Once();
        var ran = new AtomicInteger();
        for (var i = 0; i < 3; i++) {
            once.run(Optional.of("a"), ran::incrementAndGet);
        }
        assertThat(ran).hasValue(1);
        once.run(Optional.empty(), ran::incrementAndGet);
        assertThat(ran).hasValue(2);
        assertThatThrownBy(() -> once.run(Optional.of("b"), () -> {
                    throw new HamException(Code.LIMIT, "later");
                }))
                .hasMessage("later");
        once.run(Optional.of("b"), ran::incrementAndGet);
        assertThat(ran).as("a failure is tried again").hasValue(3);
        for (var i = 0; i < Once.KEPT; i++) {
            once.run(Optional.of("n" + i), () -> {});
        }
        once.run(Optional.of("a"), ran::incrementAndGet);
        assertThat(ran).as("forgotten").hasValue(4);
    }
}
