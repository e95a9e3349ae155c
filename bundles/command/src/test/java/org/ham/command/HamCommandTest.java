package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HamCommandTest {
    private static final String DONE = "{\"out\":\"fine\\n\"}\n{\"exit\":0}";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path runDir = Path.of("");

    @BeforeEach
    void folder() throws IOException {
        runDir = Files.createTempDirectory(Path.of("/tmp"), "ham");
    }

    @AfterEach
    void remove() throws IOException {
        try (var files = Files.walk(runDir)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private int ham(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var environment = Map.of("HAM_RUN_DIR", runDir.toString());
        return new HamCommand(environment, Path.of("/srv"), new PrintWriter(out), new PrintWriter(err))
                .run(List.of(words));
    }

    /** A process of this instance lives: this one. */
    private void somebodyLives() throws IOException {
        Files.writeString(runDir.resolve("guardian.pid"), ProcFiles.ownPid() + "\n");
    }

    @Test
    void aCommandIsForwardedWithTheDirectory() throws IOException {
        try (var server = new FakeServer(runDir, _ -> DONE)) {
            assertThat(ham("tree", "--json")).isZero();

            assertThat(out.toString()).isEqualTo("fine\n");
            assertThat(server.requests).containsExactly("{\"argv\":[\"tree\",\"--json\"],\"directory\":\"/srv\"}");
        }
    }

    @Test
    void aBeatIsForTheEntityThatHamStartedTheCallerAs() throws IOException {
        try (var server = new FakeServer(runDir, _ -> DONE)) {
            var environment = Map.of("HAM_RUN_DIR", runDir.toString(), "HAM_ENTITY", "web");
            for (var words : List.of(List.of("beat"), List.of("beat", "db"), List.of("tree"))) {
                new HamCommand(environment, Path.of("/srv"), new PrintWriter(out), new PrintWriter(err)).run(words);
            }

            assertThat(server.requests)
                    .containsExactly(
                            "{\"argv\":[\"beat\",\"web\"],\"directory\":\"/srv\"}",
                            "{\"argv\":[\"beat\",\"db\"],\"directory\":\"/srv\"}",
                            "{\"argv\":[\"tree\"],\"directory\":\"/srv\"}");
        }
    }

    private FakeServer beta(java.util.function.Function<String, String> answers) throws IOException {
        return new FakeServer(
                answers, Files.createDirectories(runDir.resolve("nodes")).resolve("beta.sock"));
    }

    private static String bye(String errno) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"bye\",\"params\":{\"errno\":\"" + errno
                + "\",\"message\":\"node beta is away\"}}";
    }

    @Test
    void aCommandForAnotherNodeGoesThereWithAllItsWords() throws IOException {
        var answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"out\":\"there\\n\",\"err\":\"hm\\n\",\"exit\":1}}";
        try (var server = beta(_ -> answer)) {
            assertThat(ham("--node", "beta", "detach", "web")).isEqualTo(1);
            assertThat(ham("stop", "--node=beta"))
                    .as("no waiting for processes here")
                    .isEqualTo(1);

            assertThat(out.toString()).isEqualTo("there\n");
            assertThat(err.toString()).isEqualTo("hm\n");
            assertThat(server.requests)
                    .containsExactly(
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"command\",\"params\":"
                                    + "{\"words\":[\"--node\",\"beta\",\"detach\",\"web\"]}}",
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"command\",\"params\":"
                                    + "{\"words\":[\"stop\",\"--node=beta\"]}}");
        }
    }

    @Test
    void anotherNodeThatIsAwayForAMomentIsAskedAgain() throws IOException {
        var asked = new AtomicInteger();
        var answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"out\":\"there\",\"err\":\"\",\"exit\":0}}";
        try (var _ = beta(_ -> asked.incrementAndGet() == 1 ? bye("EIO") : answer)) {
            assertThat(ham("--node", "beta", "detach", "web")).isZero();
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void aChangeWhoseAnswerWasLostIsNotAskedAgain() throws IOException {
        try (var server = beta(_ -> bye("ETIMEDOUT"))) {
            assertThat(ham("--node", "beta", "detach", "web")).isEqualTo(1);
            assertThat(err.toString())
                    .contains("node beta is away; whether it did this is not known. See with: ham --node beta tree");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void whyAnotherNodeHangsUpWithoutHavingListenedIsTold() throws IOException {
        var socket = Files.createDirectories(runDir.resolve("nodes")).resolve("beta.sock");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> {
                try (var client = listener.accept()) {
                    client.write(ByteBuffer.wrap((bye("EACCES") + "\n").getBytes(UTF_8)));
                } catch (IOException _) {
                    // The command went.
                }
            });
            // More than the socket takes while nobody reads.
            assertThat(ham("--node", "beta", "detach", "x".repeat(10_000_000))).isEqualTo(1);
            assertThat(err.toString()).isEqualTo("ham: node beta is away\n");
        }
    }

    @Test
    void whatIsForThisMachineOnlyOrForNobodyIsRefused() throws IOException {
        assertThat(ham("run", "--node", "beta")).isEqualTo(1);
        assertThat(err.toString()).contains("--node: 'run' works on this machine only");
        assertThat(ham("tree", "--node", "../x")).isEqualTo(1);
        assertThat(ham("tree", "--node", "beta")).isEqualTo(3);
        assertThat(err.toString()).contains("no HAM reachable at " + runDir);
        try (var _ = beta(_ -> bye("EACCES"))) {
            assertThat(ham("tree", "--node", "beta")).isEqualTo(1);
            assertThat(err.toString()).contains("node beta is away");
        }
    }

    @Test
    void anEmptyRunDirIsRefused() {
        assertThat(ham("status", "--run-dir", "")).isEqualTo(2);
        assertThat(err.toString()).startsWith("ham: --run-dir is empty; name the folder of the HAM that is meant");
    }

    @Test
    void exitCodesAndMessagesAreTheHams() throws IOException {
        try (var _ = new FakeServer(runDir, _ -> "{\"err\":\"ham: no\\n\"}\n{\"exit\":1}")) {
            assertThat(ham("detach", "web")).isEqualTo(1);
            assertThat(out.toString()).isEmpty();
            assertThat(err.toString()).isEqualTo("ham: no\n");
        }
    }

    @Test
    void withoutAHamEveryCommandSaysHowToStartOne() {
        for (var words : List.of("status", "tree --json", "detach web", "events", "why web", "stop", "shell -- lb")) {
            assertThat(ham(words.split(" "))).as(words).isEqualTo(3);
            assertThat(err.toString())
                    .isEqualTo("ham: no HAM reachable at " + runDir + "; start one with: ham start\n");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void aSocketThatNobodyServesIsNoHam() throws IOException {
        try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(runDir.resolve("shell.sock")));
        }
        assertThat(runDir.resolve("shell.sock")).exists();
        assertThat(ham("status")).isEqualTo(3);
    }

    @Test
    void usageIsCheckedWithoutAHam() {
        assertThat(ham("tree", "--jsno")).isEqualTo(2);
        assertThat(ham("nonsense")).isEqualTo(2);
        assertThat(ham()).isEqualTo(2);
        assertThat(err.toString()).contains("--help");
        assertThat(ham("attach", "--help")).isZero();
        assertThat(ham("--version")).isZero();
    }

    @Test
    void whileAProcessOfTheHamLivesItIsWaitedFor() throws Exception {
        somebodyLives();
        var late = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(400);
                new FakeServer(runDir, _ -> DONE);
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(ham("detach", "web")).isZero();
        late.join();
    }

    @Test
    void aQuestionThatIsCutOffIsAskedAgain() throws IOException {
        somebodyLives();
        var asked = new AtomicInteger();
        try (var _ = new FakeServer(runDir, _ -> asked.incrementAndGet() < 3 ? "" : DONE)) {
            assertThat(ham("status")).isZero();
            assertThat(out.toString()).isEqualTo("fine\n");
        }
    }

    @Test
    void aQuestionThatIsCutOffInTheMiddleIsNotPrintedTwice() throws IOException {
        somebodyLives();
        var asked = new AtomicInteger();
        try (var _ = new FakeServer(runDir, _ -> asked.incrementAndGet() == 1 ? "{\"out\":\"fi\"}\n{\"ou" : DONE)) {
            assertThat(ham("status")).isZero();
            assertThat(out.toString()).isEqualTo("fine\n");
        }
    }

    @Test
    void aChangeThatIsCutOffIsNotRepeated() throws IOException {
        somebodyLives();
        try (var server = new FakeServer(runDir, _ -> "")) {
            assertThat(ham("detach", "web")).isEqualTo(1);
            assertThat(err.toString()).contains("not known", "ham tree");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void offlineEventsNeedNoHam() {
        assertThat(ham("events", "--offline")).isZero();
    }

    @Test
    void stopWaitsUntilTheProcessesAreGone() throws Exception {
        var process = new ProcessBuilder("sleep", "60").start();
        Files.writeString(runDir.resolve("ham.lock"), Long.toString(process.pid()));
        try (var _ = new FakeServer(runDir, _ -> {
            process.destroyForcibly();
            return "{\"exit\":0}";
        })) {
            assertThat(ham("stop")).isZero();
            // Not Process.isAlive: that is told a moment later, by a thread that has to reap it first.
            assertThat(ProcFiles.alive(process.pid())).isFalse();
            assertThat(out.toString()).contains("stopped", "goes on living");
        }
    }

    @Test
    void startRefusesWhenOneRuns() throws IOException {
        try (var _ = new FakeServer(runDir, _ -> DONE)) {
            assertThat(ham("start")).isEqualTo(1);
            assertThat(err.toString()).contains("a HAM runs already at " + runDir);
        }
    }

    @Test
    void startRefusesAConfigurationThatIsNotThere() {
        assertThat(ham("start", "nowhere")).isEqualTo(1);
        assertThat(err.toString()).contains("no configuration folder /srv/nowhere");
    }

    @Test
    void startRefusesARunDirThatCannotBe() throws IOException {
        var file = Files.writeString(runDir.resolve("file"), "");

        assertThat(ham("start", "--run-dir", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("run-dir " + file + " cannot be used")
                .contains("--run-dir or HAM_RUN_DIR");
        assertThat(ham("start", "--run-dir", file.resolve("below").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("cannot be used");
    }

    @Test
    void startRefusesARunDirWhoseSocketWouldHaveTooLongAPath() {
        var deep = runDir.resolve("x".repeat(100));

        assertThat(ham("start", "--run-dir", deep.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("too long");
        assertThat(ham("status", "--run-dir", deep.toString())).isEqualTo(3);
    }

    @Test
    void shellPassesLinesToGogoAndPrintsAsItComes() throws IOException {
        try (var server = new FakeServer(runDir, _ -> DONE)) {
            assertThat(ham("shell", "--", "lb", "-s")).isZero();
            assertThat(server.requests).singleElement().asString().startsWith("{\"gogo\":\"lb -s\",\"id\":\"");
            assertThat(out.toString()).isEqualTo("fine\n");
        }
    }

    @Test
    void gogoTakesAllWordsAfterTheFirstAsTheyAre() throws IOException {
        try (var server = new FakeServer(runDir, _ -> DONE)) {
            assertThat(ham("gogo", "lb", "-s", "--json", "--help")).isZero();
            assertThat(server.requests).singleElement().asString().startsWith("{\"gogo\":\"lb -s --json --help\",");
        }
        assertThat(ham("gogo")).isEqualTo(2);
    }

    @Test
    void aLineThatIsCutOffIsAskedForAgainAndPrintedOnce() throws IOException {
        try (var server = new FakeServer(runDir, request -> request.contains("again") ? DONE : "")) {
            assertThat(ham("gogo", "update", "7")).isZero();
            assertThat(out.toString()).isEqualTo("fine\n");
            var ids = server.requests.stream()
                    .map(request -> JsonParser.parseString(request)
                            .getAsJsonObject()
                            .get("id")
                            .getAsString())
                    .toList();
            assertThat(ids).hasSize(2);
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
        }
    }

    @Test
    void whatWasPrintedBeforeItWasCutOffIsNotPrintedAgain() throws IOException {
        try (var server = new FakeServer(runDir, request -> {
            if (request.contains("again")) {
                return "{\"out\":\"one\\ntwo\\n\"}\n{\"exit\":1}";
            }
            // In the middle of a reply; what is left of it is no line of one.
            return "{\"out\":\"one\\n\"}\nnonsense";
        })) {
            assertThat(ham("gogo", "update", "7")).isEqualTo(1);
            assertThat(server.requests).hasSize(2);
        }
        assertThat(out.toString()).isEqualTo("one\ntwo\n");
    }
}
