package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Programs in other processes use a HAM of the real distribution through its control socket. {@code -Dham.takeovers=100} makes the long
 * campaign of the first.
 */
@Timeout(600)
class ControlIT {
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void takeoversLoseNoCallNoLineNoPulseAndNoAttachment() {
        var rounds = Math.max(2, Integer.getInteger("ham.takeovers", 8) / 4);
        ham.start();
        ham.awaitMirrored();
        var busy = programs.start(ham, List.of(), "busy", "one");
        busy.await("ready");
        for (var round = 0; round < rounds; round++) {
            var pid = ham.awaitMirrored().getAsJsonObject("ham").get("pid").getAsLong();
            kill(pid, "KILL");
            ham.awaitMirrored(pid);
        }
        assertThat(ham.pid("one")).isEqualTo(busy.pid());
        var said = busy.finish();
        assertThat(said).doesNotContainKey("failure").containsEntry("gaps", "0").containsEntry("threads", "0");
        assertThat(Integer.parseInt(String.valueOf(said.get("calls")))).isPositive();
        assertThat(said.get("pulses")).isEqualTo(said.get("calls"));
        assertThat(ham.entities()).isEmpty();
        assertThat(ham.events("death")).isEmpty();
        var severities = ham.events("raise").stream()
                .map(event -> event.getAsJsonObject("data").get("severity").getAsInt())
                .toList();
        assertThat(severities)
                .as("each call was carried out once, in order")
                .doesNotHaveDuplicates()
                .isSorted();
    }

    /** Programs of different users work at the same time, and notice of a takeover nothing but the delay. */
    @Test
    void programsOfDifferentUsersGoOnThroughTakeovers() throws IOException {
        assumeTrue(ownUid() == 0, "needs root, to become another user");
        ham.start();
        ham.awaitMirrored();
        var own = programs.start(ham, List.of(), "steady", "roots");
        var other = programs.start(ham, NOBODY, "steady", "nobodys");
        own.await("ready");
        other.await("ready");
        for (var round = 0; round < 2; round++) {
            var pid = ham.awaitMirrored().getAsJsonObject("ham").get("pid").getAsLong();
            kill(pid, "KILL");
            ham.awaitMirrored(pid);
        }
        assertThat(ham.pid("roots")).isEqualTo(own.pid());
        assertThat(ham.pid("nobodys")).isEqualTo(other.pid());
        for (var program : List.of(own, other)) {
            var said = program.finish();
            System.out.println("through two takeovers: " + said);
            assertThat(said).doesNotContainKey("failure");
            assertThat(said.get("pulses")).isEqualTo(said.get("calls"));
            var name = program == own ? "roots" : "nobodys";
            assertThat(ham.events("raise").stream()
                            .filter(event -> event.get("entity").getAsString().equals(name))
                            .map(event -> event.getAsJsonObject("data")
                                    .get("severity")
                                    .getAsInt()))
                    .as("each call of %s was carried out once, in order", name)
                    .isEqualTo(IntStream.range(0, Integer.parseInt(String.valueOf(said.get("calls"))))
                            .boxed()
                            .toList());
        }
        assertThat(ham.entities()).isEmpty();
        assertThat(ham.events("death")).isEmpty();
    }

    @Test
    void aProgramThatEndsWithoutDetachingIsDead() {
        ham.start();
        var idle = programs.start(ham, List.of(), "idle", "two");
        idle.await("ready");
        assertThat(ham.entity("two").get("kind").getAsString()).isEqualTo("self");
        kill(idle.pid(), "KILL");
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> !ham.events("death").isEmpty());
        var orderly = programs.start(ham, List.of(), "idle", "three");
        orderly.await("ready");
        orderly.finish();
        assertThat(ham.events("death")).hasSize(1);
        assertThat(ham.events("detached")).hasSize(1);
    }

    @Test
    void anotherUserMayAttachItselfAndActOnItsOwnOnly() throws IOException {
        assumeTrue(ownUid() == 0, "needs root, to become another user");
        ham.restarted("web", "sleep", "100000").start();
        var other = programs.start(ham, NOBODY, "rights", "mine", "web");
        other.await("ready");
        assertThat(other.said)
                .containsEntry("own-condition", "ok")
                .containsEntry("own-state", "ok")
                .containsEntry("own-execute", "DENIED")
                .containsEntry("other-state", "DENIED")
                .containsEntry("other-attach", "DENIED")
                .containsEntry("start", "DENIED")
                .containsEntry("stop", "DENIED")
                .containsEntry("follow", "DENIED")
                .containsEntry("tree", "1");
        assertThat(ham.entity("mine").get("pid").getAsLong()).isEqualTo(other.pid());
        other.finish();
        assertThat(ham.entities()).containsOnlyKeys("web");
    }

    private static int ownUid() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(ham.runDir.resolve("control.sock")));
    }

    /** The transcript of docs/protocol.md, by its Python program: the protocol as another language sees it. */
    @Test
    void theTranscriptIsReplayedByAnotherLanguage() throws Exception {
        var python = Transcript.python();
        assumeTrue(python.isPresent(), "needs python3, which is not installed");
        ham.start();
        var process = new ProcessBuilder(
                        python.get(),
                        Transcript.FOLDER.resolve("replay.py").toString(),
                        ham.runDir.resolve("control.sock").toString(),
                        Transcript.FOLDER.resolve("transcript.txt").toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("as expected");
    }

    /** The same byte by byte, where there is no Python. */
    @Test
    void theTranscriptIsReplayedByteByByte() throws IOException {
        ham.start();
        try (var client = connect()) {
            new Transcript(client).replay();
        }
    }
}
