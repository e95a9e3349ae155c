package org.ham.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.NodeRights;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.wire.Calls;
import org.ham.wire.Message;
import org.jspecify.annotations.Nullable;

/** Where other nodes come in: whose certificate is known is led to the control socket, with the rights it has. Thread-safe. */
final class Inbound implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Inbound.class.getName());
    private static final int MOST_TOLD = 100;

    private final Settings settings;
    private final Address address;
    private final Path folder;
    private final Path control;
    private final Outbound.Parts parts;
    private final Open open;
    private final Set<String> told = new LinkedHashSet<>();
    private final Thread acceptor;
    private volatile @Nullable ServerSocket server;

    /**
     * @param folder where the address is written
     * @param control the control socket of this HAM
     */
    Inbound(Settings settings, Address address, Path folder, Path control, Outbound.Parts parts) {
        this.settings = settings;
        this.address = address;
        this.folder = folder;
        this.control = control;
        this.parts = parts;
        open = new Open(parts.limits().connections());
        acceptor = Thread.ofPlatform().daemon().name("ham-nodes-accept").start(this::serve);
    }

    // Without its address a HAM still supervises: a failure is told and tried again, never passed on.
    private void serve() {
        var failed = false;
        while (!open.isClosed()) {
            try (var listening = Listening.open(address, folder)) {
                server = listening;
                failed = false;
                while (!open.isClosed()) {
                    accept(listening.accept());
                }
            } catch (IOException e) {
                if (!open.isClosed() && !failed) {
                    LOG.log(
                            Level.ERROR,
                            "no other nodes are served: " + address + ": " + e.getMessage() + "; trying again");
                    failed = true;
                }
            }
            open.pause(parts.limits().again());
        }
    }

    private void accept(Socket plain) {
        Runnable end = () -> Handshake.close(plain);
        if (open.add(end)) {
            Thread.ofVirtual().name("ham-node-in").start(() -> run(plain, end));
        } else {
            // Not even a reason: before the handshake nobody could read it.
            Handshake.close(plain);
            tell("a node was turned away: all " + parts.limits().connections() + " connections are in use");
        }
    }

    private void run(Socket plain, Runnable end) {
        try (var far = parts.handshake().answer(plain)) {
            var node = settings.coming(far.names().stream());
            if (node.isEmpty()) {
                tell("refused " + from(plain) + " with a certificate for " + far.names()
                        + ": no node of this name may come");
                farewell(
                        far,
                        new HamException(
                                Code.DENIED,
                                "node " + settings.name() + " knows no node of the name " + far.names()
                                        + ", which the certificate has, or gives it no rights; add it to nodes.known there"));
            } else {
                serve(far, node.get().getKey(), node.get().getValue());
            }
        } catch (IOException | HamException e) {
            if (!open.isClosed()) {
                tell("refused " + from(plain) + ": " + e.getMessage());
            }
        } finally {
            Handshake.close(plain);
            open.remove(end);
        }
    }

    private static String from(Socket plain) {
        return plain.getInetAddress() == null
                ? "a node"
                : plain.getInetAddress().getHostAddress();
    }

    private void serve(SecureLine far, String node, NodeRights rights) throws IOException {
        UnixConnection local;
        try {
            local = parts.sockets().connect(control);
        } catch (LinuxException e) {
            farewell(
                    far,
                    new HamException(
                            Code.FAILED,
                            "the HAM of node " + settings.name() + " serves nobody right now; try again",
                            e));
            return;
        }
        try (var relay = new Relay(local, far, parts.limits(), parts.clock())) {
            local.out().write(Message.notice("behalf", new Calls.Behalf(node, rights)));
            relay.run();
        } finally {
            local.close();
        }
    }

    /** A last line, which the other end gets the time to read. */
    private void farewell(SecureLine far, HamException why) throws IOException {
        try (var _ = parts.clock().within(parts.limits().connectWithin(), far::close)) {
            var line = Bye.line(why);
            far.write(line, line.length);
            far.endOutput();
            var rest = new byte[512];
            while (far.read(rest) >= 0) {
                continue;
            }
        }
    }

    /** Once each: what anybody on the network can bring about must not fill the log. */
    private void tell(String text) {
        synchronized (told) {
            if (told.size() >= MOST_TOLD || !told.add(text)) {
                return;
            }
        }
        LOG.log(Level.WARNING, text);
    }

    /** How many connections there are. */
    int count() {
        return open.count();
    }

    @Override
    public void close() {
        open.close();
        var listening = server;
        try {
            if (listening != null) {
                listening.close();
            }
            acceptor.join(parts.limits().leaveWithin());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
