package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One HAM at its daily work. */
class SupervisionIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @Test
    void aKilledEntityComesBackAndTheStoryIsTrue() {
        ham.restarted("web", "sleep", "1000").start();
        var before = ham.pid("web");
        kill(before, "KILL");
        var after = ham.awaitRestart("web", before);

        var web = ham.entity("web");
        assertThat(web.get("restarts").getAsInt()).isEqualTo(1);
        assertThat(web.get("kind").getAsString()).isEqualTo("external");
        assertThat(web.get("heartbeat").isJsonNull()).isTrue();
        assertThat(ham.processes("web")).containsExactly(after);

        var death = ham.events("death").getLast();
        assertThat(death.get("pid").getAsLong()).isEqualTo(before);
        assertThat(death.getAsJsonObject("reason").get("kind").getAsString()).isEqualTo("signalled");
        assertThat(death.getAsJsonObject("reason").get("signal").getAsString()).isEqualTo("SIGKILL");
        assertThat(ham.events("restarted").getLast().get("pid").getAsLong()).isEqualTo(after);

        var why = JsonParser.parseString(ham.ok("why", "web", "--json")).getAsJsonObject();
        var chain = why.getAsJsonArray("chain").asList().stream()
                .map(e -> e.getAsJsonObject().get("type").getAsString())
                .toList();
        assertThat(chain).containsSubsequence("death", "condition-true", "action-started", "restarted");
        assertThat(ham.ok("why", "web")).contains("SIGKILL");
    }

    @Test
    void exitCodesAndSignalsAreToldApart() {
        ham.entity("coded", "start: [sh, -c, \"exit 7\"]\nflags: [keep-on-death]\n")
                .entity("segv", "start: [sh, -c, \"kill -SEGV $$\"]\nflags: [keep-on-death]\n")
                .start();
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events("death").size() >= 2);
        var reasons = ham.events("death").stream()
                .map(e -> e.get("entity").getAsString() + " " + e.getAsJsonObject("reason"))
                .toList();
        assertThat(reasons).anyMatch(r -> r.equals("coded {\"kind\":\"exited\",\"code\":7}"));
        assertThat(reasons).anyMatch(r -> r.startsWith("segv {\"kind\":\"signalled\",\"signal\":\"SIGSEGV\""));
        assertThat(ham.events("abnormal-death")).hasSize(1);
    }

    @Test
    void attachDetachAndEverythingBetweenFromTheCommandLine() throws Exception {
        ham.start();
        var stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            ham.ok("attach", "guest", "--pid", Long.toString(stranger.pid()));
            ham.ok("condition", "add", "guest", "gone", "death", "keep-on-empty");
            ham.ok("action", "add", "guest/gone", "tell", "log", "message=guest is gone", "keep-on-fail");
            ham.ok("disable", "guest/gone/tell");
            ham.ok("enable", "guest/gone/tell");
            ham.ok("attach", "own", "--", "sleep", "1000");
            assertThat(ham.status().get("entities").getAsInt()).isEqualTo(2);
            stranger.destroyForcibly();
            Awaitility.await()
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> ham.ok("events"), text -> text.contains("guest is gone"));
            var own = ham.pid("own");
            ham.ok("detach", "own");
            assertThat(ham.entities()).isEmpty();
            assertThat(HamInstance.isAlive(own))
                    .as("a detached process lives on")
                    .isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void anActionsFailureAndAWaitAreInTheStory() {
        ham.entity("web", """
                        start: [sleep, "1000"]
                        conditions:
                          died:
                            when: death
                            flags: [rearm]
                            actions:
                              - restart: {flags: [rearm]}
                              - wait: {type: waitfor, path: /nonexistent/ready, delay: 300ms, flags: [rearm, keep-on-fail, break-on-fail], on-fail: [{type: log, message: "web is not ready"}]}
                              - never: {type: log, message: "web is ready", flags: [rearm]}
                        """).start();
        var before = ham.pid("web");
        kill(before, "KILL");
        ham.awaitRestart("web", before);
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.ok("events"), text -> text.contains("web is not ready"));
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> !ham.events("list-broken-off").isEmpty());
        assertThat(ham.ok("events")).doesNotContain("web is ready\n");
        assertThat(ham.events("action-failed").getFirst().get("outcome").getAsString())
                .contains("has not appeared");
    }

    @Test
    void entityFilesAreAppliedLive() throws Exception {
        ham.start();
        ham.restarted("web", "sleep", "1000");
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.entities().containsKey("web"));
        var pid = ham.pid("web");

        ham.entity("web", "start: [sleep, \"1000\"]\nconditions:\n  died:\n    when: deth\n");
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.status().get("alarm").getAsString(), alarm -> alarm.contains("deth"));
        assertThat(ham.entity("web").getAsJsonArray("conditions"))
                .as("the last good version stays")
                .hasSize(1);
        assertThat(ham.pid("web")).isEqualTo(pid);

        ham.entity("web", "start: [sleep, \"1000\"]\n");
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.entity("web").getAsJsonArray("conditions").isEmpty());
        assertThat(ham.pid("web")).isEqualTo(pid);
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.status().get("alarm").getAsString().isEmpty());

        Files.delete(ham.conf.resolve("entities/web.yaml"));
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.entities().isEmpty());
        assertThat(HamInstance.isAlive(pid)).isTrue();
    }

    @Test
    void stopEndsBothAndTheNextStartAdoptsWhatLives() {
        ham.restarted("web", "sleep", "1000").start();
        ham.awaitMirrored();
        var pid = ham.pid("web");
        var nodes = java.util.List.of(ham.hamPid(), ham.guardianPid());
        ham.ok("stop");
        assertThat(nodes).noneMatch(HamInstance::isAlive);
        assertThat(HamInstance.isAlive(pid)).isTrue();
        ham.refused(3, "no HAM reachable", "tree");
        ham.start();
        assertThat(ham.pid("web")).isEqualTo(pid);
        assertThat(ham.processes("web")).containsExactly(pid);
        assertThat(ham.status().get("hamFailures").getAsInt()).isZero();
    }

    @Test
    void badInputIsRefusedClearlyAndDisturbsNothing() throws Exception {
        ham.restarted("web", "sleep", "1000").start();
        var pid = ham.pid("web");
        ham.refused(1, "unknown condition type 'deth'", "condition", "add", "web", "c", "deth");
        ham.refused(1, "unknown condition flag 'sometimes'", "condition", "add", "web", "c", "death", "sometimes");
        ham.refused(1, "unknown action type 'explode'", "action", "add", "web/died", "a", "explode");
        ham.refused(1, "unknown parameter 'mesage'", "action", "add", "web/died", "a", "log", "mesage=x");
        ham.refused(1, "message: is missing", "action", "add", "web/died", "a", "log");
        ham.refused(1, "one restart action", "action", "add", "web/died", "again", "restart");
        ham.refused(1, "exists", "attach", "web", "--", "sleep", "1");
        ham.refused(1, "'/'", "attach", "a/b", "--", "sleep", "1");
        ham.refused(1, "the longest is 256", "attach", "x".repeat(300), "--", "sleep", "1");
        ham.refused(1, "/nonexistent/daemon", "attach", "x", "--", "/nonexistent/daemon");
        var plain = Files.createFile(
                ham.conf.resolve("not-executable"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        ham.refused(1, "not executable", "attach", "x", "--", plain.toString());
        ham.refused(1, "no entity 'nobody'", "detach", "nobody");
        ham.refused(1, "no condition", "condition", "remove", "web/nothing");
        ham.refused(1, "no process 4000000", "attach", "x", "--pid", "4000000");
        ham.refused(2, "", "tree", "--frobnicate");
        ham.refused(2, "", "no-such-command");
        ham.refused(1, "already", "start", ham.conf.toString());
        assertThat(ham.pid("web")).isEqualTo(pid);
        assertThat(ham.entities()).containsOnlyKeys("web");
        assertThat(ham.events("alarm")).isEmpty();
    }

    @Test
    void aTornJournalAndOneOfAnotherBootAreReportedAndCostNothingElse() throws Exception {
        ham.restarted("web", "sleep", "1000").start();
        var pid = ham.pid("web");
        ham.ok("stop");
        try (var segments = Files.list(ham.runDir.resolve("journal"))) {
            var last = segments.filter(f -> f.toString().endsWith(".log"))
                    .sorted()
                    .toList()
                    .getLast();
            Files.write(last, new byte[] {0, 0, 1, 44, 1, 2, 3}, java.nio.file.StandardOpenOption.APPEND);
        }
        ham.start();
        assertThat(ham.pid("web")).isEqualTo(pid);
        assertThat(ham.events("finding")).anyMatch(e -> e.toString().contains("cut off"));
    }

    @Test
    void aRunDirWithoutPermissionIsRefused() throws Exception {
        var file = Files.createFile(ham.conf.resolve("a-file"));
        ham.refused(1, "a-file", "--run-dir", file + "/run", "start", ham.conf.toString());
        assertThat(Path.of(file + "/run")).doesNotExist();
    }

    @Test
    void gogoAnswersThroughTheShell() {
        ham.start();
        assertThat(ham.ok("shell", "--", "lb")).contains("HAM core");
        assertThat(ham.ok("shell", "--", "ham:status")).contains("guardian".substring(1));
    }

    @Test
    void theFirstExampleSupervisesAWebServer() throws Exception {
        var example = Path.of(System.getProperty("ham.root")).resolve("examples/first/entities/web.yaml");
        // The example's fixed port may be taken on this machine.
        ham.entity(
                "web",
                Files.readString(example)
                        .lines()
                        .filter(l -> !l.startsWith("entity:"))
                        .map(l -> l.replace("8000", "0"))
                        .collect(java.util.stream.Collectors.joining("\n", "", "\n")));
        ham.start();
        var before = ham.pid("web");
        kill(before, "KILL");
        var after = ham.awaitRestart("web", before);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(ham.runDir.resolve("log/web.log")), log -> log.contains("127.0.0.1"));
        assertThat(ham.processes("web")).containsExactly(after);
    }

    @Test
    void theRestartExampleChecksItself() throws Exception {
        ham.start();
        var script = Path.of(System.getProperty("ham.root")).resolve("examples/restart/restart.sh");
        var builder = new ProcessBuilder("sh", script.toString()).inheritIO();
        builder.environment().put("HAM_RUN_DIR", ham.runDir.toString());
        builder.environment().put("PATH", System.getProperty("ham.dist") + "/bin:" + System.getenv("PATH"));
        assertThat(builder.start().waitFor()).isZero();
    }
}
