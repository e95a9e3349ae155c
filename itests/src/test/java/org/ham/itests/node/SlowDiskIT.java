package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the run-dir takes its time: every write of HAM's hangs, for seconds. Needs root; run by the profile {@code real}. */
@Tag("real")
@Timeout(300)
class SlowDiskIT {
    private static final long SIZE = 256L << 20;
    private static final Duration HELD_UP = Duration.ofSeconds(12);

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @TempDir
    Path folder;

    private boolean frozen;

    @BeforeEach
    void mountDisk() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-notify")), "systemd-notify");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "loop devices");
        var image = folder.resolve("disk");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        run("mkfs.ext4", "-q", image.toString());
        run("mount", "-o", "loop", image.toString(), ham.runDir.toString());
    }

    @AfterEach
    void unmountDisk() throws Exception {
        if (frozen) {
            thaw();
        }
        ham.ham("stop");
        run("umount", "-l", ham.runDir.toString());
    }

    private void freeze() throws Exception {
        run("fsfreeze", "-f", ham.runDir.toString());
        frozen = true;
    }

    private void thaw() throws Exception {
        run("fsfreeze", "-u", ham.runDir.toString());
        frozen = false;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", command), said)
                .isZero();
    }

    /** Neither those whose beats wait for HAM, nor those whose senders do, are taken for hung; and who really hangs is found. */
    @Test
    void nobodyIsAccusedOfWhatTheDiskDid() throws Exception {
        var script = ham.conf.resolve("beats.sh");
        Files.writeString(script, """
                cd %s
                systemd-notify --ready
                while [ ! -e hang ]; do systemd-notify WATCHDOG=1; sleep 0.1; done
                sleep 1000
                """.formatted(ham.conf));
        ham.entity("web", """
                start: [bash, "%s"]
                heartbeat: {period: 500ms, low: 10, high: 20}
                conditions:
                  hangs:
                    when: heartbeat-missed-high
                    actions: [{kill: {type: notify-signal, signal: SIGKILL}}]
                """.formatted(script));
        ham.restarted("other", "sleep", "100000");
        ham.settings("guardian: {hang-after: 60s}\n");
        ham.start();
        ham.awaitMirrored();
        var web = ham.pid("web");
        var other = ham.pid("other");

        freeze();
        var state = CompletableFuture.supplyAsync(() -> ham.ham("state", "other", "3"));
        HamInstance.kill(other, "KILL");
        Stall.pass(HELD_UP);
        assertThat(state).as("HAM is held up").isNotDone();
        thaw();

        assertThat(state.get().exit()).isZero();
        ham.awaitRestart("other", other);
        assertThat(ham.pid("web")).isEqualTo(web);
        assertThat(ham.events().stream().map(event -> event.get("type").getAsString()))
                .noneMatch(type -> type.startsWith("heartbeat-missed"));
        assertThat(ham.status().getAsJsonObject("ham").get("epoch").getAsInt()).isOne();

        Files.createFile(ham.conf.resolve("hang"));
        Awaitility.await("it is found to hang")
                .atMost(HamInstance.PATIENCE)
                .until(() -> !ham.events("heartbeat-missed-high").isEmpty() && !HamInstance.isAlive(web));
    }
}
