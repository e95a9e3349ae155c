package org.ham.itests.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Certificates of nodes, made with the JDK's keytool. */
final class Pki implements AfterAllCallback {
    private static final String PASSWORD = "changeit";

    private final Path store;

    Pki() {
        try {
            store = Files.createTempDirectory(Path.of("/tmp"), "ham-pki-").resolve("all.p12");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that signs others. */
    Pki authority(String name) {
        return make(name, "-ext", "bc:c");
    }

    /** One of a node. */
    Pki node(String name, String authority) {
        return make(name, "-signer", authority);
    }

    private Pki make(String name, String... more) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        words.addAll(Arrays.asList(more));
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(words + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Gives an instance the certificate of a node, and whom to believe, and the rest of its settings for nodes. */
    HamInstance give(HamInstance ham, String name, String authority, String settings) {
        try {
            var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            var chain = new StringBuilder();
            for (var certificate : keys.getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            var key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
            var folder = Files.createDirectories(ham.conf.resolve("tls"));
            Files.writeString(folder.resolve("node.crt"), chain);
            Files.writeString(folder.resolve("node.key"), pem("PRIVATE KEY", key));
            Files.writeString(
                    folder.resolve("ca.crt"),
                    pem("CERTIFICATE", keys.getCertificate(authority).getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return ham.settings("view: {mount: off}\nnodes:\n  name: " + name
                + "\n  certificate: tls/node.crt\n  key: tls/node.key\n  trust: tls/ca.crt\n" + settings.indent(2));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        Files.deleteIfExists(store);
        Files.delete(store.getParent());
    }
}
