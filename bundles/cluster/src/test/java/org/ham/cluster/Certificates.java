package org.ham.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Makes certificates with the JDK's keytool, and writes them as PEM. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path store;

    Certificates(Path folder) {
        this.folder = folder;
        store = folder.resolve("all.p12");
    }

    /** One that signs others. */
    Certificates authority(String name) {
        return make(name, "-ext", "bc:c");
    }

    /** One of a node. */
    Certificates node(String name, String authority, String... more) {
        var all = new ArrayList<>(List.of("-signer", authority));
        all.addAll(List.of(more));
        return make(name, all.toArray(String[]::new));
    }

    private Certificates make(String name, String... more) {
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
        run(words);
        return this;
    }

    private static void run(List<String> words) {
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(words + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the files of a node that believes what an authority has signed. */
    Settings.Files files(String name, String authority) {
        try {
            var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            var chain = new StringBuilder();
            for (var certificate : keys.getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            var key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
            var certificate = Files.writeString(folder.resolve(name + ".crt"), chain);
            var trust = Files.writeString(
                    folder.resolve(name + "-trusts.crt"),
                    pem("CERTIFICATE", keys.getCertificate(authority).getEncoded()));
            var keyFile = Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key));
            return new Settings.Files(certificate, keyFile, trust);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What believes an authority and shows nothing itself. */
    SSLSocketFactory withoutCertificate(String authority) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(authority, keys.getCertificate(authority));
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
