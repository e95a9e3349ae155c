package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;
import org.awaitility.Awaitility;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.ham.recovery.SocketPolicy.Connecting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Clients that know nothing of recovery, with a covering socket factory, against servers from Debian packages that are killed with SIGKILL
 * and started again: they go on. Without the cover each of them fails. Run by the profile {@code real}.
 */
class RealClientsIT {
    private static final int KILLS = 3;
    private static final int TRIES = 3000;
    private static final Duration BETWEEN = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Path folder = Path.of("/tmp");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "rec-it-");
    }

    @AfterEach
    void removeFolder() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static SocketPolicy policy(SocketProtocol protocol) {
        return SocketPolicy.of(protocol, Recovery.retrying(Backoff.usual()))
                .connecting(Connecting.RECOVERED)
                // However soon the server is back: what was lost before a request is known before it.
                .quiet(Duration.ZERO);
    }

    /** What is done over and over, each time with a server that has been killed and started again. */
    private interface Work {
        void step(int number) throws Exception;
    }

    private static void goesOn(Daemon daemon, Work work) throws Exception {
        work.step(0);
        for (var kill = 1; kill <= KILLS; kill++) {
            daemon.restart();
            work.step(kill);
            work.step(-kill);
        }
    }

    // Redis

    private Daemon redis() throws IOException {
        var port = Daemon.freePort();
        return redis(port, "--port", "" + port);
    }

    private Daemon redis(int port, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                Daemon.find("redis-server"),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--dir",
                folder.toString(),
                "--requirepass",
                "secret"));
        command.addAll(List.of(more));
        return new Daemon(folder, port, command);
    }

    private Daemon redisWithTls() throws Exception {
        var port = Daemon.freePort();
        var pem = pem();
        return redis(
                port,
                "--port",
                "0",
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                pem,
                "--tls-key-file",
                pem,
                "--tls-ca-cert-file",
                pem,
                "--tls-auth-clients",
                "no");
    }

    private static Jedis jedis(SocketFactory factory, int port) {
        var jedis = new Jedis(() -> {
            try {
                return factory.createSocket("127.0.0.1", port);
            } catch (IOException e) {
                throw new JedisConnectionException(e);
            }
        });
        jedis.auth("secret");
        jedis.select(3);
        return jedis;
    }

    @Test
    void jedisGoesOnWithItsLoginAndItsDatabase() throws Exception {
        try (var redis = redis();
                var jedis = jedis(new RecoveringSocketFactory(policy(Protocols.redis())), redis.port())) {
            goesOn(redis, number -> {
                jedis.set("number", "" + number);
                assertThat(jedis.get("number")).isEqualTo("" + number);
                var both = jedis.pipelined();
                var one = both.incr("count");
                var other = both.get("number");
                both.sync();
                assertThat(one.get()).isPositive();
                assertThat(other.get()).isEqualTo("" + number);
            });
            // Each was carried out once: all on what was appended before the kill.
            assertThat(jedis.get("count")).isEqualTo("" + (1 + 2 * KILLS));
        }
    }

    @Test
    void jedisAloneFails() throws Exception {
        try (var redis = redis();
                var jedis = jedis(SocketFactory.getDefault(), redis.port())) {
            assertThatThrownBy(() -> goesOn(redis, number -> jedis.set("number", "" + number)))
                    .isInstanceOf(JedisConnectionException.class);
        }
    }

    /** It connects by the covering factory, with a new handshake for each recovery. */
    @Test
    void jedisGoesOnOverTls() throws Exception {
        var below = Tls.in(folder).context().getSocketFactory();
        var covered = new RecoveringSSLSocketFactory(policy(Protocols.redis()), below);
        try (var redis = redisWithTls();
                var jedis = jedis(covered, redis.port())) {
            goesOn(redis, number -> {
                jedis.set("number", "" + number);
                assertThat(jedis.get("number")).isEqualTo("" + number);
                jedis.incr("count");
            });
            assertThat(jedis.get("count")).isEqualTo("" + (1 + 2 * KILLS));
        }
    }

    @Test
    void jedisAloneFailsOverTls() throws Exception {
        var alone = Tls.in(folder).context().getSocketFactory();
        try (var redis = redisWithTls();
                var jedis = jedis(alone, redis.port())) {
            assertThatThrownBy(() -> goesOn(redis, number -> jedis.set("number", "" + number)))
                    .isInstanceOf(JedisConnectionException.class);
        }
    }

    @Test
    void jedisReadsOnWhileItsServerIsKilled() throws Exception {
        try (var redis = redis();
                var jedis = jedis(new RecoveringSocketFactory(policy(Protocols.redis())), redis.port())) {
            jedis.set("a", "b");
            var killer = Thread.ofPlatform().start(() -> {
                try {
                    for (var kill = 0; kill < KILLS; kill++) {
                        redis.restart();
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            var asked = 0;
            while (killer.isAlive() || asked < 100) {
                assertThat(jedis.get("a")).isEqualTo("b");
                asked++;
            }
            killer.join();
        }
    }

    // PostgreSQL

    /** The driver makes it from its name. */
    public static final class Covered extends RecoveringSocketFactory {
        /** Reads may be repeated, and nothing else. */
        public Covered() {
            super(policy(Protocols.postgres(text ->
                    text.stripLeading().toUpperCase(java.util.Locale.ROOT).startsWith("SELECT"))));
        }
    }

    private Daemon postgres() throws Exception {
        Path bin;
        try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            bin = versions.sorted().toList().getLast().resolve("bin");
        }
        var data = folder.resolve("pg");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(data);
        Daemon.run(List.of("chown", "postgres", data.toString()), folder.resolve("log"));
        var asPostgres = List.of(Daemon.find("setpriv"), "--reuid=postgres", "--regid=postgres", "--clear-groups");
        var init = new ArrayList<>(asPostgres);
        init.addAll(List.of(bin + "/initdb", "-D", data.toString(), "-A", "trust", "-N"));
        Daemon.run(init, folder.resolve("log"));
        var port = Daemon.freePort();
        var command = new ArrayList<>(asPostgres);
        command.addAll(List.of(
                bin + "/postgres",
                "-D",
                data.toString(),
                "-p",
                "" + port,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
        return new Daemon(folder, port, command, () -> letsIn(port));
    }

    private static boolean letsIn(int port) {
        try (var connection = DriverManager.getConnection(url(port, ""))) {
            return connection.isValid(0);
        } catch (SQLException _) {
            return false;
        }
    }

    private static String url(int port, String more) {
        return "jdbc:postgresql://127.0.0.1:" + port
                + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable&prepareThreshold=0" + more;
    }

    @Test
    void oneConnectionOfTheDriverGoesOn() throws Exception {
        try (var postgres = postgres();
                var connection = DriverManager.getConnection(
                        url(postgres.port(), "&socketFactory=" + Covered.class.getName()))) {
            try (var statement = connection.createStatement()) {
                statement.execute("create table done (number int)");
                statement.execute("set lock_timeout = 4321");
            }
            goesOn(postgres, number -> {
                try (var insert = connection.prepareStatement("insert into done values (?)")) {
                    insert.setInt(1, number);
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                }
                try (var statement = connection.createStatement();
                        var known = statement.executeQuery("select current_setting('lock_timeout')")) {
                    assertThat(known.next()).isTrue();
                    assertThat(known.getString(1)).isEqualTo("4321ms");
                }
            });
            try (var statement = connection.createStatement();
                    var count = statement.executeQuery("select count(*) from done")) {
                assertThat(count.next()).isTrue();
                assertThat(count.getInt(1)).isEqualTo(1 + 2 * KILLS);
            }
        }
    }

    @Test
    void aTransactionThatIsCutIsToldAndRunAgain() throws Exception {
        try (var postgres = postgres()) {
            var url = url(postgres.port(), "&socketFactory=" + Covered.class.getName());
            try (var connection = DriverManager.getConnection(url);
                    var statement = connection.createStatement()) {
                statement.execute("create table done (number int)");
                connection.setAutoCommit(false);
                statement.execute("insert into done values (1)");
                postgres.restart();
                assertThatThrownBy(() -> statement.execute("insert into done values (2)"))
                        .isInstanceOf(SQLException.class);
            }
            try (var connection = DriverManager.getConnection(url);
                    var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("insert into done values (1), (2)"))
                        .isEqualTo(2);
                try (var count = statement.executeQuery("select count(*) from done")) {
                    assertThat(count.next()).isTrue();
                    assertThat(count.getInt(1)).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void theDriverAloneFails() throws Exception {
        try (var postgres = postgres();
                var connection = DriverManager.getConnection(url(postgres.port(), ""));
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> goesOn(postgres, _ -> statement.execute("select 1")))
                    .isInstanceOf(SQLException.class);
        }
    }

    // MQTT

    private Daemon mosquitto() throws IOException {
        var port = Daemon.freePort();
        var config = folder.resolve("mosquitto.conf");
        Files.writeString(config, "listener " + port + " 127.0.0.1\nallow_anonymous true\nlog_type all\n");
        return new Daemon(folder, port, List.of(Daemon.find("mosquitto"), "-c", config.toString()));
    }

    private static MqttClient paho(Daemon mosquitto, SocketFactory factory, String id) throws MqttException {
        var client = new MqttClient("tcp://127.0.0.1:" + mosquitto.port(), id, new MemoryPersistence());
        client.setTimeToWait(60_000);
        var options = new MqttConnectOptions();
        options.setSocketFactory(factory);
        client.connect(options);
        return client;
    }

    @Test
    void pahoGoesOnWithItsSubscription() throws Exception {
        var factory = new RecoveringSocketFactory(policy(Protocols.mqtt()));
        try (var mosquitto = mosquitto();
                var hears = paho(mosquitto, factory, "hears");
                var tells = paho(mosquitto, factory, "tells")) {
            var heard = new LinkedBlockingQueue<String>();
            hears.subscribe("news/#", 1, (_, message) -> heard.add(message.toString()));
            goesOn(mosquitto, number -> {
                tellUntilHeard(tells, heard, "number " + number);
                awaitAcknowledged(mosquitto, "hears");
            });
            assertThat(hears.isConnected()).isTrue();
            hears.disconnect();
            tells.disconnect();
        }
    }

    /** Who hears may be back later than who tells, and a server without memory keeps nothing for it. */
    private static void tellUntilHeard(MqttClient tells, LinkedBlockingQueue<String> heard, String text)
            throws MqttException, InterruptedException {
        for (var tries = 0; tries < TRIES; tries++) {
            tells.publish("news/today", new MqttMessage(text.getBytes()));
            for (var next = heard.poll(BETWEEN.toMillis(), TimeUnit.MILLISECONDS); next != null; next = heard.poll()) {
                if (next.equals(text)) {
                    return;
                }
            }
        }
        throw new AssertionError("never heard of " + text);
    }

    /** A loss before that is told to the client, and it begins anew: its acknowledgement would mean another message then. */
    private static void awaitAcknowledged(Daemon mosquitto, String id) {
        Awaitility.await(id + " has acknowledged what it was told")
                .atMost(PATIENCE)
                .pollInterval(BETWEEN)
                .until(() -> mosquitto.timesSaid("Received PUBACK from " + id)
                        == mosquitto.timesSaid("Sending PUBLISH to " + id));
    }

    @Test
    void pahoAloneFails() throws Exception {
        try (var mosquitto = mosquitto();
                var tells = paho(mosquitto, SocketFactory.getDefault(), "tells")) {
            assertThatThrownBy(() -> goesOn(
                            mosquitto,
                            number -> tells.publish("news/today", new MqttMessage(("" + number).getBytes()))))
                    .isInstanceOf(MqttException.class);
        }
    }

    // HTTP

    private Daemon nginx(String more) throws IOException {
        var port = Daemon.freePort();
        var config = folder.resolve("nginx.conf");
        Files.writeString(folder.resolve("page"), "the page");
        Files.writeString(config, """
                daemon off;
                master_process off;
                pid %1$s/pid;
                error_log %1$s/log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/t1; proxy_temp_path %1$s/t2; fastcgi_temp_path %1$s/t3;
                  uwsgi_temp_path %1$s/t4; scgi_temp_path %1$s/t5;
                  server { listen 127.0.0.1:%2$d%3$s root %1$s; }
                }
                """.formatted(folder, port, more));
        return new Daemon(folder, port, List.of(Daemon.find("nginx"), "-e", folder + "/log", "-c", config.toString()));
    }

    /** Plain HTTP, or what the factory makes of it: it connects what the factory makes. */
    private static ConnectionSocketFactory connectingWith(SocketFactory factory) {
        return new PlainConnectionSocketFactory() {
            @Override
            public Socket createSocket(HttpContext context) throws IOException {
                return factory.createSocket();
            }
        };
    }

    private static CloseableHttpClient http(SocketFactory factory) {
        return client("http", connectingWith(factory));
    }

    private static CloseableHttpClient client(String scheme, ConnectionSocketFactory factory) {
        var connections = new PoolingHttpClientConnectionManager(RegistryBuilder.<ConnectionSocketFactory>create()
                .register(scheme, factory)
                .build());
        // It looks after its connections itself now and then; here it must not help.
        connections.setValidateAfterInactivity(-1);
        return HttpClients.custom()
                .setConnectionManager(connections)
                .disableAutomaticRetries()
                .build();
    }

    private static String get(CloseableHttpClient client, String scheme, int port) throws IOException {
        try (var answer = client.execute(new HttpGet(scheme + "://127.0.0.1:" + port + "/page"))) {
            return EntityUtils.toString(answer.getEntity());
        }
    }

    private static void goesOn(Daemon nginx, CloseableHttpClient client, String scheme) throws Exception {
        try (client) {
            goesOn(nginx, _ -> assertThat(get(client, scheme, nginx.port())).isEqualTo("the page"));
        }
    }

    private static void fails(Daemon nginx, CloseableHttpClient client, String scheme) throws Exception {
        try (client) {
            // It is there, and the page with it: what fails is what was kept.
            assertThat(get(client, scheme, nginx.port())).isEqualTo("the page");
            assertThatThrownBy(() -> goesOn(nginx, _ -> get(client, scheme, nginx.port())))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void httpClientGoesOnOverItsKeptConnection() throws Exception {
        try (var nginx = nginx(";")) {
            goesOn(nginx, http(new RecoveringSocketFactory(policy(Protocols.http()))), "http");
        }
    }

    @Test
    void httpClientAloneFails() throws Exception {
        try (var nginx = nginx(";")) {
            fails(nginx, http(SocketFactory.getDefault()), "http");
        }
    }

    /** The certificate and its key, as such servers want them. Made of what {@link Tls} has made. */
    private String pem() throws IOException, InterruptedException {
        var pem = folder + "/keys.pem";
        Daemon.run(
                List.of(
                        Daemon.find("openssl"),
                        "pkcs12",
                        "-in",
                        folder + "/keys.p12",
                        "-passin",
                        "pass:changeit",
                        "-nodes",
                        "-out",
                        pem),
                folder.resolve("log"));
        return pem;
    }

    private Daemon nginxWithTls() throws Exception {
        var pem = pem();
        return nginx(" ssl; ssl_certificate %s; ssl_certificate_key %s;".formatted(pem, pem));
    }

    /** How a client comes to TLS: it connects a socket of the factory, or has one made over a socket that it has connected. */
    private static List<Function<SSLSocketFactory, ConnectionSocketFactory>> waysToTls() {
        return List.of(
                RealClientsIT::connectingWith,
                factory -> new SSLConnectionSocketFactory(
                        factory, SSLConnectionSocketFactory.getDefaultHostnameVerifier()));
    }

    @Test
    void httpsClientGoesOnOverItsKeptConnection() throws Exception {
        var below = Tls.in(folder).context().getSocketFactory();
        var covered = new RecoveringSSLSocketFactory(policy(Protocols.http()), below);
        try (var nginx = nginxWithTls()) {
            for (var way : waysToTls()) {
                goesOn(nginx, client("https", way.apply(covered)), "https");
            }
        }
    }

    @Test
    void httpsClientAloneFails() throws Exception {
        var alone = Tls.in(folder).context().getSocketFactory();
        try (var nginx = nginxWithTls()) {
            for (var way : waysToTls()) {
                fails(nginx, client("https", way.apply(alone)), "https");
            }
        }
    }
}
