package org.ham.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Opens the address where other nodes come in. Stateless. */
final class Listening {
    /** In the folder of the nodes: the address that is listened on. */
    static final String ADDRESS = "listen";

    private static final Logger LOG = System.getLogger(Listening.class.getName());
    private static final int BACKLOG = 128;

    private Listening() {}

    /**
     * Opens it. The address is written to {@link #ADDRESS} in the folder, for whoever has to know which port it came to be.
     *
     * @throws IOException when the address cannot be had
     */
    static ServerSocket open(Address address, Path folder) throws IOException {
        var listening = new ServerSocket();
        try {
            bind(listening, address, folder);
            remember(listening, folder);
            LOG.log(Level.INFO, "Other nodes are served on {0}", listening.getLocalSocketAddress());
            return listening;
        } catch (IOException e) {
            listening.close();
            throw e;
        }
    }

    /** Any free port stays the same through a takeover, if nobody has taken it. */
    private static void bind(ServerSocket listening, Address address, Path folder) throws IOException {
        var wanted = address.resolve();
        if (wanted.isUnresolved()) {
            throw new IOException("there is no host of this name");
        }
        var before = address.port() == 0 ? before(folder) : Optional.<Address>empty();
        if (before.isPresent()) {
            try {
                listening.bind(
                        new InetSocketAddress(wanted.getAddress(), before.get().port()), BACKLOG);
                return;
            } catch (IOException e) {
                LOG.log(
                        Level.INFO,
                        "port {0} is taken: another one is used",
                        before.get().port());
            }
        }
        listening.bind(wanted, BACKLOG);
    }

    private static Optional<Address> before(Path folder) {
        try {
            return Address.parse(Files.readString(folder.resolve(ADDRESS)));
        } catch (IOException _) {
            // The first one here.
            return Optional.empty();
        }
    }

    private static void remember(ServerSocket listening, Path folder) throws IOException {
        InetAddress local = listening.getInetAddress();
        var text = new Address(local.getHostAddress(), listening.getLocalPort()).toString();
        var fresh = folder.resolve(ADDRESS + ".new");
        Files.writeString(fresh, text + "\n");
        Files.move(fresh, folder.resolve(ADDRESS), StandardCopyOption.ATOMIC_MOVE);
    }
}
