package org.ham.itests.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Daemons from their Debian packages, nobody of which knows of HAM. Run by the profile {@code real}. */
@Tag("real")
class RealDaemonsIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    private final Daemons daemons = new Daemons(ham);

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
        // One that is killed leaves its socket behind, and the next one would wait for that and end.
        ham.restarted(
                        "nginx",
                        "sh",
                        "-c",
                        "rm -f %1$s/nginx.sock; exec %2$s -e %1$s/nginx-error.log -c %3$s"
                                .formatted(ham.conf, Daemons.find("nginx"), config))
                .start();
        daemons.survives("nginx", "KILL", "SIGKILL", false);
        Files.deleteIfExists(ham.conf.resolve("nginx.sock"));
    }

    @Test
    void redisDiesBySignalByExitCodeAndByCoreDump() {
        ham.restarted(
                        "redis",
                        Daemons.find("redis-server"),
                        "--port",
                        "0",
                        "--unixsocket",
                        ham.conf + "/redis.sock",
                        "--save",
                        "",
                        "--supervised",
                        "systemd")
                .start();
        daemons.awaitReady("redis");
        assertThat(ham.entity("redis").get("text").getAsString()).isEqualTo("Ready to accept connections");
        daemons.survives("redis", "KILL", "SIGKILL", false);
        daemons.awaitReady("redis");
        var before = ham.pid("redis");
        Awaitility.await().atMost(HamInstance.PATIENCE).until(() -> Files.exists(ham.conf.resolve("redis.sock")));
        kill(before, "TERM");
        ham.awaitRestart("redis", before);
        assertThat(ham.events("ending").getLast().get("pid").getAsLong()).isEqualTo(before);
        assertThat(daemons.reasonOfDeath(before).toString()).isEqualTo("{\"kind\":\"exited\",\"code\":0}");
        daemons.survives("redis", "ABRT", "SIGABRT", true);
    }

    @Test
    void postgresqlRunsInTheForegroundUnderItsOwnUserAndComesBack() throws Exception {
        var bin = Files.list(Path.of("/usr/lib/postgresql"))
                .sorted()
                .toList()
                .getLast()
                .resolve("bin");
        var data = ham.conf.resolve("pg");
        Daemons.open(ham.conf);
        Daemons.open(requireNonNull(ham.runDir.getParent()));
        Files.createDirectory(data);
        Daemons.run("chown", "postgres", data.toString());
        Daemons.run("su", "postgres", "-c", bin + "/initdb -D " + data + " -A trust");
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
        daemons.awaitReady("postgres");
        assertThat(Files.exists(data.resolve("postmaster.pid"))).isTrue();
        daemons.survives("postgres", "INT", null, false);
        daemons.awaitReady("postgres");
        daemons.survives("postgres", "KILL", "SIGKILL", false);
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
        ham.restarted("haproxy", Daemons.find("haproxy"), "-Ws", "-f", config.toString())
                .start();
        daemons.awaitReady("haproxy");
        var pid = ham.pid("haproxy");
        kill(pid, "USR2");
        Awaitility.await("a reload")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events("reloading").size() == 1
                        && ham.events("ready").size() == 2);
        assertThat(ham.pid("haproxy")).isEqualTo(pid);
        daemons.survives("haproxy", "KILL", "SIGKILL", false);
        daemons.awaitReady("haproxy");
        Files.deleteIfExists(ham.conf.resolve("haproxy.sock"));
    }
}
