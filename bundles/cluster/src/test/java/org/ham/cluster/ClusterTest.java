package org.ham.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.ham.cluster.TwoNodes.may;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ham.api.NodeRights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two relays with real sockets and certificates. */
@Timeout(60)
class ClusterTest {
    @RegisterExtension
    final TwoNodes nodes = new TwoNodes();

    private String heard() throws InterruptedException {
        return nodes.control.heard.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void linesGoBothWaysAndTheHamThereIsToldWhoComes() throws Exception {
        nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.OBSERVE)));
        try (var program = nodes.program("beta")) {
            program.say("\n\none\n\ntwo\nthr").say("ee\n");
            assertThat(program.line()).isEqualTo("one");
            assertThat(program.line()).isEqualTo("two");
            assertThat(program.line()).isEqualTo("three");
        }
        assertThat(heard())
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"behalf\",\"params\":{\"node\":\"alpha\",\"rights\":\"observe\"}}");
        assertThat(heard()).isEqualTo("one");
        assertThat(heard()).isEqualTo("two");
        assertThat(heard()).isEqualTo("three");
        assertThat(heard()).isEqualTo("end");
    }

    @Test
    void whoSaysThatNothingMoreComesStillGetsItsAnswers() throws Exception {
        nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.ALL)));
        try (var program = nodes.program("beta")) {
            program.say("one\n");
            program.channel.shutdownOutput();
            assertThat(program.line()).isEqualTo("one");
            assertThat(program.line()).isNull();
        }
    }

    @Test
    void muchGoesThroughWhole() throws Exception {
        nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.ALL)));
        var long1 = "x".repeat(1 << 20);
        try (var program = nodes.program("beta")) {
            var talking = Thread.ofVirtual().start(() -> {
                try {
                    program.say(long1 + "\nshort\n");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(program.line()).isEqualTo(long1);
            assertThat(program.line()).isEqualTo("short");
            talking.join();
        }
    }

    @Test
    void onlyTheHamsUserMayUseTheWay() throws IOException {
        nodes.alpha("beta", new Address("127.0.0.1", 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nodes.alphaDir.resolve("nodes"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nodes.socket("beta"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aNodeThatCannotBeReachedIsSaid() throws Exception {
        nodes.alpha("beta", new Address("127.0.0.1", 1));
        try (var program = nodes.program("beta")) {
            assertThat(program.line())
                    .contains("\"bye\"")
                    .contains("\"EIO\"")
                    .contains(
                            "node beta at 127.0.0.1:1 cannot be reached (Connection refused); see whether its HAM runs");
            assertThat(program.line()).isNull();
        }
    }

    @Test
    void aCertificateThatNobodyKnowsThereIsRefusedWithItsName() throws Exception {
        nodes.alpha("beta", nodes.beta(may("gamma", NodeRights.ALL)));
        try (var program = nodes.program("beta")) {
            assertThat(program.line())
                    .contains("\"EACCES\"")
                    .contains("node beta knows no node of the name [alpha], which the certificate has");
            assertThat(program.line()).isNull();
        }
        assertThat(nodes.control.heard).isEmpty();
    }

    @Test
    void aNodeWithoutRightsMayNotCome() throws Exception {
        nodes.alpha(
                "beta",
                nodes.beta(Map.of(
                        "alpha", new Settings.Known(Optional.of(new Address("127.0.0.1", 1)), Optional.empty()))));
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("\"EACCES\"").contains("gives it no rights");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        nodes.certificates.authority("other").node("mallory", "other");
        var address = nodes.beta(may("alpha", NodeRights.ALL));
        nodes.alpha(nodes.certificates.files("mallory", "ca"), "beta", address);
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("\"EACCES\"").contains("do not accept each other");
        }
        assertThat(nodes.control.heard).isEmpty();
    }

    @Test
    void aNodeThatShowsACertificateOfAnotherAuthorityIsNotBelieved() throws Exception {
        nodes.certificates.authority("other").node("mallory", "other");
        var address = nodes.beta(nodes.certificates.files("mallory", "ca"), may("alpha", NodeRights.ALL));
        nodes.alpha("beta", address);
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("\"EACCES\"").contains("do not accept each other");
        }
    }

    @Test
    void anotherNodeThanTheOneMeantIsNotSpokenTo() throws Exception {
        nodes.alpha("gamma", nodes.beta(may("alpha", NodeRights.ALL)));
        try (var program = nodes.program("gamma")) {
            assertThat(program.line())
                    .contains("\"EACCES\"")
                    .contains("node gamma at 127.0.0.1:")
                    .contains("shows a certificate for [beta]");
        }
        // The node there knows who comes, and may have told its HAM before this one has ended the connection.
        assertThat(nodes.control.heard).allMatch(line -> line.contains("\"behalf\"") || line.equals("end"));
    }

    @Test
    void theNameOfAHostInTheCertificateCountsAsWell() throws Exception {
        nodes.certificates.node("delta", "ca", "-ext", "san=dns:delta.example,dns:beta");
        var address = nodes.beta(nodes.certificates.files("delta", "ca"), may("alpha", NodeRights.ALL));
        nodes.alpha("beta", address);
        try (var program = nodes.program("beta")) {
            assertThat(program.say("one\n").line()).isEqualTo("one");
        }
    }

    @Test
    void garbageOnThePortHarmsNobody() throws Exception {
        var address = nodes.beta(may("alpha", NodeRights.ALL));
        nodes.alpha("beta", address);
        try (var stranger = new Socket(address.host(), address.port());
                var silent = new Socket(address.host(), address.port());
                var program = nodes.program("beta")) {
            stranger.getOutputStream()
                    .write("GET / HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(stranger.getInputStream().readAllBytes())
                    .as("an alert at most")
                    .hasSizeLessThan(16);
            assertThat(program.say("one\n").line()).isEqualTo("one");
            assertThat(silent.isConnected()).isTrue();
        }
    }

    @Test
    void whoShowsNoCertificateHearsNothing() throws Exception {
        var address = nodes.beta(may("alpha", NodeRights.ALL));
        try (var stranger = nodes.certificates.withoutCertificate("ca").createSocket(address.host(), address.port())) {
            assertThatThrownBy(() -> {
                        stranger.getOutputStream().write('\n');
                        stranger.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(nodes.control.heard).isEmpty();
    }

    @Test
    void tooManyConnectionsAreTurnedAwayAndPlacesComeBack() throws Exception {
        nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.ALL)));
        var open = new java.util.ArrayList<TwoNodes.Program>();
        for (var i = 0; i < TwoNodes.TIGHT.connections(); i++) {
            var program = nodes.program("beta");
            assertThat(program.say("one\n").line()).isEqualTo("one");
            open.add(program);
        }
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("\"EAGAIN\"").contains("all 4 connections to node beta are in use");
        }
        for (var program : open) {
            program.close();
        }
        await().until(() -> {
            try (var program = nodes.program("beta")) {
                return "one".equals(program.say("one\n").line());
            } catch (IOException _) {
                // Turned away before it has spoken.
                return false;
            }
        });
    }

    @Test
    void aLinkThatWasCutIsNoticedAtBothEnds() throws Exception {
        nodes.silence(Duration.ofSeconds(3));
        try (var proxy = new Proxy(nodes.beta(may("alpha", NodeRights.ALL)))) {
            nodes.alpha("beta", proxy.address());
            try (var program = nodes.program("beta")) {
                assertThat(program.say("one\n").line()).isEqualTo("one");
                heard();
                heard();
                proxy.cut(true);
                program.say("two\n");
                assertThat(program.line())
                        .contains("\"ETIMEDOUT\"")
                        .contains("says nothing any more; what it was asked may have been carried out");
                assertThat(program.line()).isNull();
            }
            assertThat(heard()).as("the HAM there").isEqualTo("end");
        }
    }

    @Test
    void anIdleLinkIsKeptAlive() throws Exception {
        try (var proxy = new Proxy(nodes.beta(may("alpha", NodeRights.ALL)))) {
            nodes.alpha("beta", proxy.address());
            try (var program = nodes.program("beta")) {
                assertThat(program.say("one\n").line()).isEqualTo("one");
                var before = proxy.passed.get();
                await().until(() -> proxy.passed.get() > before + 20);
                assertThat(program.say("two\n").line()).isEqualTo("two");
            }
        }
    }

    @Test
    void filesThatWereRenewedCountFromTheNextConnection() throws Exception {
        var files = nodes.certificates.files("alpha", "ca");
        nodes.alpha(files, "beta", nodes.beta(may("alpha", NodeRights.OBSERVE)));
        Files.move(files.key(), nodes.folder.resolve("away"));
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("\"EIO\"").contains(files.key() + " cannot be read");
        }
        Files.move(nodes.folder.resolve("away"), files.key(), StandardCopyOption.ATOMIC_MOVE);
        try (var program = nodes.program("beta")) {
            assertThat(program.say("one\n").line()).isEqualTo("one");
        }
        Files.writeString(files.key(), "-----BEGIN RSA PRIVATE KEY-----\n");
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("no private key in PKCS#8").contains("openssl pkcs8");
        }
    }

    @Test
    void theHamThereMayBeAwayForAMoment() throws Exception {
        nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.ALL)));
        nodes.control.close();
        try (var program = nodes.program("beta")) {
            assertThat(program.line()).contains("\"EIO\"").contains("the HAM of node beta serves nobody right now");
        }
    }

    @Test
    void closingEndsConnectionsThreadsAndSockets() throws Exception {
        var address = nodes.beta(may("alpha", NodeRights.ALL));
        var alpha = nodes.alpha("beta", address);
        try (var program = nodes.program("beta")) {
            assertThat(program.say("one\n").line()).isEqualTo("one");
            alpha.close();
            assertThat(program.line()).isNull();
        }
        assertThat(nodes.socket("beta")).doesNotExist();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("ham-node-beta")));
    }

    @Test
    void aFreePortStaysTheSameForTheNextHam() {
        var known = may("alpha", NodeRights.ALL);
        var first = nodes.beta(known);
        nodes.closeAll();
        assertThat(nodes.beta(known)).isEqualTo(first);
    }
}
