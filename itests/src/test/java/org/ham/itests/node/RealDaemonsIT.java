package org.ham.itests.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Daemons from their Debian packages, nobody of which knows of HAM. Run by the profile {@code real}. */
@Tag("real")
class RealDaemonsIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @Test
    void nginxDiesBySignalAndComesBackWithItsWorkers() throws IOException {
        var config = ham.conf.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/nginx-error.log;
                events {}
                http { access_log off; server { listen unix:%1$s/nginx.sock; } }
                """.formatted(ham.conf));
        ham.restarted("nginx", find("nginx"), "-e", ham.conf + "/nginx-error.log", "-c", config.toString())
                .start();
        survives("nginx", "KILL", "SIGKILL", false);
        Files.deleteIfExists(ham.conf.resolve("nginx.sock"));
    }

    @Test
    void redisDiesBySignalByExitCodeAndByCoreDump() {
        ham.restarted(
                        "redis",
                        find("redis-server"),
                        "--port",
                        "0",
                        "--unixsocket",
                        ham.conf + "/redis.sock",
                        "--save",
                        "",
                        "--supervised",
                        "systemd")
                .start();
        awaitReady("redis");
        assertThat(ham.entity("redis").get("text").getAsString()).isEqualTo("Ready to accept connections");
        survives("redis", "KILL", "SIGKILL", false);
        awaitReady("redis");
        var before = ham.pid("redis");
        Awaitility.await().atMost(HamInstance.PATIENCE).until(() -> Files.exists(ham.conf.resolve("redis.sock")));
        Awaitility.await("an orderly end").atMost(HamInstance.PATIENCE).until(() -> {
            kill(before, "TERM");
            return !HamInstance.isAlive(before) || ham.pid("redis") != before;
        });
        ham.awaitRestart("redis", before);
        assertThat(ham.events("ending").getLast().get("pid").getAsLong()).isEqualTo(before);
        assertThat(ham.events("death").getLast().getAsJsonObject("reason").toString())
                .isEqualTo("{\"kind\":\"exited\",\"code\":0}");
        survives("redis", "ABRT", "SIGABRT", true);
    }

    @Test
    void postgresqlRunsInTheForegroundUnderItsOwnUserAndComesBack() throws Exception {
        var bin = Files.list(Path.of("/usr/lib/postgresql"))
                .sorted()
                .toList()
                .getLast()
                .resolve("bin");
        var data = ham.conf.resolve("pg");
        open(ham.conf);
        open(requireNonNull(ham.runDir.getParent()));
        Files.createDirectory(data);
        run("chown", "postgres", data.toString());
        run("su", "postgres", "-c", bin + "/initdb -D " + data + " -A trust");
        ham.entity("postgres", """
                        start: ["%s/postgres", "-D", "%s", "-c", "listen_addresses=", "-c", "unix_socket_directories=%s"]
                        user: postgres
                        conditions:
                          died:
                            when: death
                            flags: [rearm]
                            actions:
                              - restart: {flags: [rearm]}
                        """.formatted(bin, data, data)).start();
        // It says so as another user, who may reach nothing in the run-dir but the socket.
        awaitReady("postgres");
        assertThat(Files.exists(data.resolve("postmaster.pid"))).isTrue();
        survives("postgres", "INT", null, false);
        survives("postgres", "KILL", "SIGKILL", false);
    }

    @Test
    void haproxySaysWhenItIsReadyAndWhenItReloads() throws IOException {
        var config = ham.conf.resolve("haproxy.cfg");
        Files.writeString(config, """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend f
                  bind %s/haproxy.sock
                """.formatted(ham.conf));
        ham.restarted("haproxy", find("haproxy"), "-Ws", "-f", config.toString())
                .start();
        awaitReady("haproxy");
        var pid = ham.pid("haproxy");
        kill(pid, "USR2");
        Awaitility.await("a reload")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events("reloading").size() == 1
                        && ham.events("ready").size() == 2);
        assertThat(ham.pid("haproxy")).isEqualTo(pid);
        survives("haproxy", "KILL", "SIGKILL", false);
        awaitReady("haproxy");
        Files.deleteIfExists(ham.conf.resolve("haproxy.sock"));
    }

    private void awaitReady(String name) {
        Awaitility.await(name + " is ready")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.entity(name).get("ready").getAsBoolean());
    }

    /** Kills the daemon and expects it back, once, with the reason in the journal; a null signal means an orderly exit. */
    private void survives(
            String name, String signal, @org.jspecify.annotations.Nullable String told, boolean abnormal) {
        var before = ham.pid(name);
        kill(before, signal);
        var after = ham.awaitRestart(name, before);
        var reason = ham.events("death").getLast().getAsJsonObject("reason");
        if (told == null) {
            assertThat(reason.get("kind").getAsString()).isEqualTo("exited");
        } else {
            assertThat(reason.get("kind").getAsString()).as("%s", reason).isEqualTo("signalled");
            assertThat(reason.get("signal").getAsString()).isEqualTo(told);
        }
        assertThat(ham.events("abnormal-death").stream()
                        .anyMatch(e -> e.get("pid").getAsLong() == before))
                .isEqualTo(abnormal);
        // Not looked up by environment: redis and others write their title over it.
        assertThat(HamInstance.isAlive(after)).isTrue();
    }

    private static String find(String program) {
        return List.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/").stream()
                .map(folder -> Path.of(folder + program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(program + " is not installed; .ci/run installs it"))
                .toString();
    }

    private static void open(Path folder) throws IOException {
        if (folder.toString().length() > 5) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
