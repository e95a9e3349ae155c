package org.ham.recovery;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine, and who trusts it. Immutable. */
final class Tls {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long LOOK_NANOS = 5_000_000;

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLContext context;

    private Tls(SSLContext context) {
        this.context = context;
    }

    /** Makes one in a folder. */
    static Tls in(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("keys.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        var made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .waitFor();
        if (made != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return new Tls(context);
    }

    SSLContext context() {
        return context;
    }

    /** Listens at a port as soon as it is free: what held it before may be let go of a moment after it was closed. */
    ServerSocket listener(int port) throws IOException {
        for (var left = PATIENCE_NANOS; ; left -= LOOK_NANOS) {
            try {
                return context.getServerSocketFactory().createServerSocket(port, 50, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                if (left <= 0) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
