package org.ham.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/**
 * Certificates or a key as text. Immutable.
 *
 * @param path the file, for messages
 * @param text what is in it
 */
record PemFile(Path path, String text) {
    private static final long LONGEST = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519", "Ed448", "RSASSA-PSS");

    /** Reads it; throws {@link HamException} {@code FAILED} that names the file. */
    static PemFile read(Path path) {
        try {
            if (Files.size(path) > LONGEST) {
                throw new HamException(
                        Code.FAILED, path + " has more than " + LONGEST + " bytes: no certificate or key");
            }
            return new PemFile(path, Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new HamException(
                    Code.FAILED,
                    path + " cannot be read (" + e.getClass().getSimpleName() + "); it is needed for nodes",
                    e);
        }
    }

    /** All certificates in it, at least one. */
    List<X509Certificate> certificates() {
        try (var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new HamException(Code.FAILED, path + " holds no certificate; expected PEM");
            }
            return found;
        } catch (CertificateException | IOException e) {
            throw new HamException(Code.FAILED, path + " holds no certificate in PEM: " + e.getMessage(), e);
        }
    }

    /** The private key in it. */
    PrivateKey key() {
        var match = KEY.matcher(text);
        if (!match.find()) {
            throw new HamException(
                    Code.FAILED,
                    path + " holds no private key in PKCS#8 without password; make one of it with: openssl pkcs8 -topk8"
                            + " -nocrypt -in " + path.getFileName());
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(match.group(1)));
        for (var algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException _) {
                // Another kind of key.
            }
        }
        throw new HamException(
                Code.FAILED, path + " holds a key of an unknown kind; known are: " + String.join(", ", ALGORITHMS));
    }
}
