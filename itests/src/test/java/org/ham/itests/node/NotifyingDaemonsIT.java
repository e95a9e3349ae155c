package org.ham.itests.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Daemons from their Debian packages that say over sd_notify how they are. Run by the profile {@code real}. */
@Tag("real")
class NotifyingDaemonsIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    private final Daemons daemons = new Daemons(ham);

    @Test
    void unboundSaysWhenItIsReadyReloadsAndStops() throws IOException {
        var config = ham.conf.resolve("unbound.conf");
        Files.writeString(config, """
                server:
                  directory: "%s"
                  chroot: ""
                  username: ""
                  pidfile: ""
                  use-syslog: no
                  interface: 127.0.0.1@%d
                remote-control:
                  control-enable: no
                """.formatted(ham.conf, freePort()));
        ham.restarted("unbound", Daemons.find("unbound"), "-d", "-p", "-c", config.toString())
                .start();
        daemons.awaitReady("unbound");
        var pid = ham.pid("unbound");
        kill(pid, "HUP");
        awaitEvents("reloading", 1);
        awaitEvents("ready", 2);
        assertThat(ham.pid("unbound")).isEqualTo(pid);
        daemons.survives("unbound", "TERM", null, false);
        assertThat(ham.events("ending")).hasSize(1);
        daemons.awaitReady("unbound");
        daemons.survives("unbound", "KILL", "SIGKILL", false);
    }

    @Test
    void mariadbSaysWhenItTakesRequests() throws Exception {
        Daemons.open(ham.conf);
        Daemons.open(requireNonNull(ham.runDir.getParent()));
        var data = Files.createDirectory(ham.conf.resolve("db"));
        Daemons.run("chown", "mysql", data.toString());
        Daemons.run("mariadb-install-db", "--no-defaults", "--datadir=" + data, "--user=mysql", "--skip-test-db");
        ham.restarted(
                        "mariadb",
                        Daemons.find("mariadbd"),
                        "--no-defaults",
                        "--user=mysql",
                        "--datadir=" + data,
                        "--socket=" + data + "/sock",
                        "--pid-file=" + data + "/pid",
                        "--skip-networking")
                .start();
        daemons.awaitReady("mariadb");
        assertThat(ham.entity("mariadb").get("text").getAsString()).contains("Taking your SQL requests");
        daemons.survives("mariadb", "KILL", "SIGKILL", false);
        daemons.awaitReady("mariadb");
        daemons.survives("mariadb", "TERM", null, false);
        assertThat(ham.events("ending")).isNotEmpty();
    }

    @Test
    void phpFpmSaysHowItsProcessesAre() throws IOException {
        var config = ham.conf.resolve("fpm.conf");
        Files.writeString(config, """
                [global]
                error_log = %1$s/fpm.log
                systemd_interval = 1
                [www]
                user = nobody
                listen = %1$s/fpm.sock
                pm = static
                pm.max_children = 2
                """.formatted(ham.conf));
        ham.restarted("php", phpFpm(), "--nodaemonize", "--fpm-config", config.toString())
                .start();
        daemons.awaitReady("php");
        Awaitility.await("a status")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.entity("php").get("text").getAsString().startsWith("Processes active: 0, idle: 2"));
        // Not by SIGKILL: its workers live on then and keep the socket, which systemd would sweep away by their control
        // group.
        daemons.survives("php", "TERM", null, false);
        daemons.awaitReady("php");
        Files.deleteIfExists(ham.conf.resolve("fpm.sock"));
    }

    @Test
    void torFeedsItsWatchdogAndIsKilledWhenItHangs() throws IOException {
        var config = ham.conf.resolve("torrc");
        Files.writeString(config, """
                DataDirectory %1$s/tor
                RunAsDaemon 0
                DisableNetwork 1
                SocksPort unix:%1$s/tor/socks
                Log notice stdout
                """.formatted(ham.conf));
        ham.entity("tor", """
                        start: ["%s", "--defaults-torrc", "%s", "-f", "%s"]
                        heartbeat: {period: 1s, high: 8}
                        conditions:
                          hangs:
                            when: heartbeat-missed-high
                            flags: [rearm]
                            actions: [{kill: {type: notify-signal, signal: SIGKILL, flags: [rearm]}}]
                          died:
                            when: death
                            flags: [rearm]
                            actions:
                              - restart: {flags: [rearm]}
                        """.formatted(Daemons.find("tor"), Files.createFile(ham.conf.resolve("defaults")), config))
                .start();
        daemons.awaitReady("tor");
        var before = ham.pid("tor");
        // One that never beats is missed in the time in which tor is not.
        ham.entity("mute", """
                start: [sleep, "1000"]
                heartbeat: {period: 1s, high: 8}
                """);
        awaitEvents("heartbeat-missed-high", 1);
        assertThat(ham.events("heartbeat-missed-high"))
                .allSatisfy(
                        event -> assertThat(event.get("entity").getAsString()).isEqualTo("mute"));
        kill(before, "STOP");
        ham.awaitRestart("tor", before);
        assertThat(ham.events("heartbeat-missed-high")).hasSize(2);
        daemons.awaitReady("tor");
        assertThat(ham.entity("tor").getAsJsonObject("heartbeat").get("state").getAsString())
                .isEqualTo("ok");
        daemons.survives("tor", "INT", null, false);
    }

    private void awaitEvents(String type, int count) {
        Awaitility.await(type)
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events(type).size() >= count);
    }

    /** By either protocol. */
    private static int freePort() throws IOException {
        try (var stream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var datagrams = new DatagramSocket(null)) {
            datagrams.bind(stream.getLocalSocketAddress());
            return stream.getLocalPort();
        }
    }

    /** Its name has the version in it. */
    private static String phpFpm() throws IOException {
        try (var programs = Files.list(Path.of("/usr/sbin"))) {
            return programs.map(Path::toString)
                    .filter(name -> name.contains("/php-fpm"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new AssertionError("php-fpm is not installed; .ci/run installs it"));
        }
    }
}
