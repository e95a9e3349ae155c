package org.ham.cluster;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;
import org.jspecify.annotations.Nullable;

/**
 * The way to one other node: whoever connects to its socket in the run-dir speaks to the HAM there. Only root and this HAM's own user
 * may, as the other node cannot see who it is. Thread-safe.
 */
final class Outbound implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Outbound.class.getName());
    private static final int OWNER_ONLY = 0600;

    private final String node;
    private final Address address;
    private final UnixSockets sockets;
    private final Path path;
    private final Handshake handshake;
    private final Limits limits;
    private final Clock clock;
    private final Open open;
    private final long ownUid;
    private final Thread acceptor;
    private volatile @Nullable UnixListener listener;

    Outbound(String node, Address address, Path folder, Parts parts) {
        this.node = node;
        this.address = address;
        sockets = parts.sockets();
        path = folder.resolve(node + ".sock");
        handshake = parts.handshake();
        limits = parts.limits();
        clock = parts.clock();
        ownUid = parts.ownUid();
        open = new Open(limits.connections());
        acceptor = Thread.ofPlatform().daemon().name("ham-node-" + node).start(this::serve);
    }

    /** What all nodes share. */
    record Parts(UnixSockets sockets, Handshake handshake, Limits limits, Clock clock, long ownUid) {}

    private void serve() {
        var told = false;
        while (!open.isClosed()) {
            try (var here = sockets.listen(path, OWNER_ONLY)) {
                listener = here;
                told = false;
                while (!open.isClosed()) {
                    accept(here.accept());
                }
            } catch (LinuxException e) {
                if (!open.isClosed() && !told) {
                    LOG.log(Level.ERROR, "node " + node + " cannot be reached through " + path + ": " + e.getMessage());
                    told = true;
                }
            }
            open.pause(limits.again());
        }
    }

    private void accept(UnixConnection local) {
        var uid = local.peer().uid();
        Runnable end = local::close;
        if (uid != 0 && uid != ownUid) {
            turnAway(
                    local,
                    new HamException(
                            Code.DENIED,
                            "user " + uid + " may not speak to node " + node + ", only root and user " + ownUid));
        } else if (!open.add(end)) {
            turnAway(
                    local,
                    new HamException(
                            Code.LIMIT,
                            "all " + limits.connections() + " connections to node " + node + " are in use; try again"));
        } else {
            Thread.ofVirtual().name("ham-node-" + node).start(() -> run(local, end));
        }
    }

    private static void turnAway(UnixConnection local, HamException why) {
        Bye.say(local, why);
        local.close();
    }

    private void run(UnixConnection local, Runnable end) {
        try {
            var far = handshake.call(node, address);
            try (var relay = new Relay(local, far, limits, clock)) {
                relay.run().ifPresent(broken -> relay.end(why(broken)));
            }
        } catch (HamException e) {
            LOG.log(Level.DEBUG, e.getMessage());
            Bye.say(local, e);
        } finally {
            local.close();
            open.remove(end);
        }
    }

    private HamException why(Relay.Broken broken) {
        var at = Handshake.at(node, address);
        return switch (broken) {
            case SILENT ->
                new HamException(
                        Code.TIMED_OUT, at + " says nothing any more; what it was asked may have been carried out");
            case LOST ->
                new HamException(
                        Code.TIMED_OUT,
                        "the connection to " + at + " was lost; what it was asked may have been carried out");
        };
    }

    /** How many connections there are. */
    int count() {
        return open.count();
    }

    @Override
    public void close() {
        open.close();
        var here = listener;
        if (here != null) {
            here.close();
        }
        try {
            // Not before its socket is away may the next one make its own.
            acceptor.join(limits.leaveWithin());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
