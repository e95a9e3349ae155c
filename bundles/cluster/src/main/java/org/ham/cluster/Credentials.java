package org.ham.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/** What this node shows to others, and whom it believes. Files that were renewed are read again. Thread-safe. */
final class Credentials {
    private static final int DNS_NAME = 2;
    private static final char[] NO_PASSWORD = new char[0];

    private final Settings.Files files;
    /** By which a changed file is known. */
    private List<Map<String, Object>> read = List.of();

    private @Nullable SSLContext context;

    Credentials(Settings.Files files) {
        this.files = files;
    }

    /** For a connection that is about to be made; throws {@link HamException} {@code FAILED} when a file is missing or wrong. */
    synchronized SSLContext context() {
        var now = stamps();
        var known = context;
        if (known == null || !now.equals(read)) {
            known = load();
            context = known;
            read = now;
        }
        return known;
    }

    private List<Map<String, Object>> stamps() {
        return Stream.of(files.certificate(), files.key(), files.trust())
                .map(Credentials::stamp)
                .toList();
    }

    private static Map<String, Object> stamp(Path file) {
        try {
            return Files.readAttributes(file, "unix:lastModifiedTime,ctime,size,fileKey");
        } catch (IOException e) {
            throw new HamException(
                    Code.FAILED,
                    file + " cannot be read (" + e.getClass().getSimpleName() + "); it is needed for nodes",
                    e);
        }
    }

    private SSLContext load() {
        var chain = PemFile.read(files.certificate()).certificates();
        var key = PemFile.read(files.key()).key();
        var trusted = PemFile.read(files.trust()).certificates();
        try {
            var own = empty();
            own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            var others = empty();
            for (var certificate : trusted) {
                others.setCertificateEntry("trusted-" + others.size(), certificate);
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(others);
            var made = SSLContext.getInstance("TLSv1.3");
            made.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return made;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new HamException(
                    Code.FAILED,
                    "certificate " + files.certificate() + ", key " + files.key() + " and trust " + files.trust()
                            + " do not go together: " + e.getMessage(),
                    e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** The names that the certificate of the other end has: the common name first, then those of hosts. */
    static List<String> names(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? names(certificate)
                    : List.of();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    static List<String> names(X509Certificate certificate) {
        var names = new ArrayList<String>();
        try {
            // From the least to the most significant part, as it is written.
            for (var part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()));
                }
            }
            var others = certificate.getSubjectAlternativeNames();
            if (others != null) {
                others.stream()
                        .filter(name -> name.get(0).equals(DNS_NAME))
                        .forEach(name -> names.add(String.valueOf(name.get(1))));
            }
        } catch (InvalidNameException | GeneralSecurityException e) {
            // What cannot be read is no name.
            return List.copyOf(names);
        }
        return List.copyOf(names);
    }
}
