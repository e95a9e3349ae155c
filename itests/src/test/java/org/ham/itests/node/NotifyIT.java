package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scripts that notify by {@code systemd-notify}, unmodified, through takeovers too. */
class NotifyIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @BeforeEach
    void needsSystemdNotify() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-notify")), "systemd-notify");
    }

    /** An entity that runs a script, is restarted when it dies, and waits until it is ready again. */
    private void script(String name, String heartbeat, String script) throws IOException {
        var file = ham.conf.resolve(name + ".sh");
        Files.writeString(file, "cd " + ham.conf + "\n" + script);
        ham.entity(name, """
                start: [bash, "%s"]
                %s
                conditions:
                  hangs:
                    when: heartbeat-missed-high
                    actions: [{kill: {type: notify-signal, signal: SIGKILL}}]
                  died:
                    when: death
                    flags: [rearm]
                    actions:
                      - restart: {flags: [rearm]}
                      - wait: {type: waitfor, ready: true, delay: 60s, flags: [rearm]}
                """.formatted(file, heartbeat));
    }

    /** Does what it is told line by line through a pipe. */
    private static final String OBEYS = """
            [ -p %1$s.pipe ] || mkfifo %1$s.pipe
            exec 3<>%1$s.pipe
            systemd-notify --ready --status=up
            while read -r line <&3; do systemd-notify "$line"; done
            """;

    private void tell(String name, String line) throws IOException {
        Files.writeString(ham.conf.resolve(name + ".pipe"), line + "\n");
    }

    private JsonObject await(String name, String what, Predicate<JsonObject> wanted) {
        return Awaitility.await(what).atMost(HamInstance.PATIENCE).until(() -> ham.entity(name), wanted);
    }

    private JsonObject awaitReady(String name) {
        return await(name, name + " is ready", entity -> entity.get("ready").getAsBoolean());
    }

    private void awaitText(String name, String text) {
        await(
                name,
                "the text " + text,
                entity -> entity.get("text").getAsString().equals(text));
    }

    private void awaitEvents(String type, int count) {
        Awaitility.await(type)
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events(type).size() >= count);
    }

    @Test
    void whatAnEntitySaysIsShownAndGoesOnThroughATakeover() throws IOException {
        script("web", "heartbeat: {period: 100s, low: 2, high: 5}", "env >web.env\n" + OBEYS.formatted("web"));
        ham.settings("guardian: {hang-after: 60s}\n").start();
        var pid = awaitReady("web").get("pid").getAsLong();
        awaitText("web", "up");
        assertThat(Files.readAllLines(ham.conf.resolve("web.env")))
                .contains(
                        "NOTIFY_SOCKET=" + ham.runDir.resolve("notify.sock"),
                        "WATCHDOG_USEC=200000000",
                        "WATCHDOG_PID=" + pid);

        tell("web", "RELOADING=1");
        await("web", "it reloads", entity -> !entity.get("ready").getAsBoolean());
        tell("web", "READY=1");
        awaitReady("web");

        ham.awaitMirrored();
        var guardian = ham.guardianPid();
        var first = ham.hamPid();
        // Nobody is there to read now, and what is sent waits in the socket that the Guardian holds too.
        kill(guardian, "STOP");
        kill(first, "KILL");
        tell("web", "STATUS=sent while nobody read");
        kill(guardian, "CONT");
        ham.awaitStatus("the next HAM", s -> s.getAsJsonObject("ham").get("pid").getAsLong() == guardian);
        awaitText("web", "sent while nobody read");
        assertThat(ham.entity("web").get("restarts").getAsInt()).isZero();

        tell("web", "STOPPING=1");
        awaitEvents("ending", 1);
    }

    @Test
    void whoStopsFeedingItsWatchdogIsFoundAndRestartedAndWaitedFor() throws IOException {
        script("web", "heartbeat: {period: 1s, high: 6}", """
                systemd-notify READY=1
                while [ ! -e hang ]; do systemd-notify WATCHDOG=1; sleep 0.2; done
                sleep 1000
                """);
        ham.start();
        var before = awaitReady("web").get("pid").getAsLong();
        assertThat(ham.events("heartbeat-missed-high")).isEmpty();

        Files.createFile(ham.conf.resolve("hang"));
        awaitEvents("heartbeat-missed-high", 1);
        Files.delete(ham.conf.resolve("hang"));
        ham.awaitRestart("web", before);
        awaitReady("web");
        Awaitility.await("the wait")
                .atMost(HamInstance.PATIENCE)
                .untilAsserted(() -> assertThat(ham.events("action-done"))
                        .anySatisfy(event ->
                                assertThat(event.get("outcome").getAsString()).isEqualTo("ok: web is ready")));
    }

    @Test
    void aTriggeredWatchdogNeedsNoHeartbeat() throws IOException {
        script("web", "", OBEYS.formatted("web"));
        ham.start();
        var before = awaitReady("web").get("pid").getAsLong();
        tell("web", "WATCHDOG=trigger");
        ham.awaitRestart("web", before);
    }

    @Test
    void silenceDoesNotCountWhileNobodyListens() throws IOException {
        script("beats", "heartbeat: {period: 200ms, low: 30}", """
                systemd-notify --ready
                while sleep 0.1; do systemd-notify WATCHDOG=1; done
                """);
        ham.start();
        awaitReady("beats");
        var gogo = new GogoLine(ham);
        var detector = "org.ham.detector.notify.NotifyDetector";
        gogo.run("scr:disable " + detector);
        Stall.pass(8_000_000_000L);
        assertThat(ham.events("heartbeat-missed-low")).isEmpty();
        gogo.run("scr:enable " + detector);
        Stall.pass(8_000_000_000L);
        assertThat(ham.events("heartbeat-missed-low")).isEmpty();
        kill(ham.pid("beats"), "STOP");
        awaitEvents("heartbeat-missed-low", 1);
    }

    @Test
    void nobodySpeaksForAnotherAndAMainProcessIsItsOwn() throws IOException, InterruptedException {
        script("db", "", "sleep 1000");
        script("web", "", "sleep 1000 &\necho $! >child.new; mv child.new child\n" + OBEYS.formatted("web"));
        ham.start();
        var pid = awaitReady("web").get("pid").getAsLong();
        var db = ham.pid("db");

        // From outside, and from an entity that names another's process.
        var stranger = new ProcessBuilder("systemd-notify", "--ready").redirectErrorStream(true);
        stranger.environment()
                .put("NOTIFY_SOCKET", ham.runDir.resolve("notify.sock").toString());
        assertThat(stranger.start().waitFor()).isZero();
        tell("web", "MAINPID=" + db);
        tell("web", "STATUS=named db");
        awaitText("web", "named db");
        assertThat(ham.pid("web")).isEqualTo(pid);
        assertThat(ham.events("ready")).hasSize(1);

        var child = Long.parseLong(Files.readString(ham.conf.resolve("child")).strip());
        tell("web", "MAINPID=" + child);
        await("web", "another main process", entity -> entity.get("pid").getAsLong() == child);
        kill(child, "KILL");
        ham.awaitRestart("web", child);
        // The earlier main process lives on: it is nobody's now.
        assertThat(HamInstance.isAlive(pid)).isTrue();
        ham.processes("web").stream().filter(old -> old == pid).forEach(old -> kill(old, "KILL"));
        assertThat(List.of(db)).containsExactly(ham.pid("db"));
    }
}
