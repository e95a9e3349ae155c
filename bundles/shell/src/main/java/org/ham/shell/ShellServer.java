package org.ham.shell;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Serves the {@code ham} program on {@code shell.sock} in the run-dir, from when this process is the HAM; while its core is being
 * replaced, commands wait. Only root and the HAM's own user are served. The protocol is in docs/commands.md. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class ShellServer {
    /** The socket in the run-dir. */
    static final String SOCKET = "shell.sock";

    private static final Logger LOG = System.getLogger(ShellServer.class.getName());
    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(1);
    private static final int OWNER_ONLY = 0600;

    private static final long LOOK_NANOS = 20_000_000;

    /** Two seconds. */
    private static final int GOGO_LOOKS = 100;

    /** A minute and a half, in which every bundle can be replaced. */
    private static final int RESULT_LOOKS = 4_500;

    private final UnixSockets sockets;
    private final Path path;
    private final Deadlines deadlines = new Deadlines();
    private final LastingHam ham;
    private final Connection.Service service;
    private final long ownUid = RunDirs.uid();
    private final Map<Connection, Thread> connections = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread acceptor;
    private volatile @Nullable UnixListener listener;

    private volatile @Nullable GogoShell gogo;

    /** Made by Declarative Services. */
    @Activate
    public ShellServer(@Reference UnixSockets sockets, BundleContext context) {
        this(
                sockets,
                RunDirs.resolve(Optional.ofNullable(context.getProperty("ham.run.dir")), System.getenv()),
                context.getDataFile("gogo").toPath(),
                Limits.USUAL);
    }

    /** @param results a folder for what lines of cut off clients came to */
    ShellServer(UnixSockets sockets, Path runDir, Path results, Limits limits) {
        this.sockets = sockets;
        this.path = runDir.resolve(SOCKET);
        this.ham = new LastingHam(limits.core());
        this.service = new Connection.Service(
                ham.ham(),
                runDir,
                Commands.served(),
                this::awaitGogo,
                new GogoResults(results, RESULT_LOOKS),
                limits,
                deadlines);
        acceptor = Thread.ofPlatform().daemon().name("ham-shell-accept").unstarted(this::serve);
    }

    /** The first one makes this process the HAM, which has a socket from then on. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindHam(Supervisor fresh) {
        ham.come(fresh);
        if (acceptor.getState() == Thread.State.NEW) {
            acceptor.start();
        }
    }

    void unbindHam(Supervisor old) {
        ham.gone(old);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindGogo(GogoShell shell) {
        gogo = shell;
    }

    /** It may be just coming: its bundles and this one are started one after the other. */
    private Optional<GogoShell> awaitGogo() {
        for (var look = 0; gogo == null && look < GOGO_LOOKS && !closed(); look++) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return Optional.ofNullable(gogo);
    }

    void unbindGogo(GogoShell shell) {
        // The next one may be bound already.
        if (gogo == shell) {
            gogo = null;
        }
    }

    // Without its socket a HAM still supervises: a failure is told and tried again, never passed on.
    private void serve() {
        var told = false;
        while (!closed()) {
            try (var open = sockets.listen(path, OWNER_ONLY)) {
                listener = open;
                told = false;
                while (!closed()) {
                    accept(open.accept());
                }
            } catch (LinuxException e) {
                if (!closed() && !told) {
                    LOG.log(
                            Level.ERROR,
                            "no commands are served: " + path + ": " + e.getMessage() + "; trying again",
                            e);
                    told = true;
                }
            }
            pause(LISTEN_AGAIN);
        }
    }

    private void accept(UnixConnection client) {
        var connection = new Connection(service, client);
        var peer = client.peer();
        if (peer.uid() != 0 && peer.uid() != ownUid) {
            LOG.log(Level.WARNING, "refused uid " + peer.uid() + ", pid " + peer.pid() + " on " + path);
            turnAway(connection, "user " + peer.uid() + " may not command this HAM, only root and user " + ownUid);
        } else if (connections.size() >= service.limits().connections()) {
            turnAway(connection, "all " + service.limits().connections() + " connections are in use; try again");
        } else {
            var thread =
                    Thread.ofPlatform().daemon().name("ham-shell-" + peer.pid()).unstarted(() -> run(connection));
            connections.put(connection, thread);
            thread.start();
            if (closed()) {
                connection.close();
            }
        }
    }

    private static void turnAway(Connection connection, String why) {
        connection.refuse(why, Commands.FAILED);
        connection.close();
    }

    private void run(Connection connection) {
        try {
            connection.run();
        } finally {
            connections.remove(connection);
        }
    }

    /** How many clients are served. */
    int clients() {
        return connections.size();
    }

    /** Ends the socket at once, idle clients too; requests under way get a moment, so that a stop gets its answer. */
    @Deactivate
    void close() {
        if (closed()) {
            return;
        }
        closing.countDown();
        var open = listener;
        if (open != null) {
            open.close();
        }
        connections.keySet().stream().filter(connection -> !connection.busy()).forEach(Connection::close);
        try (var _ = deadlines.within(
                service.limits().leave(), () -> connections.keySet().forEach(Connection::close))) {
            for (var served : connections.entrySet()) {
                var thread = served.getValue();
                if (!served.getKey().inGogo() && !thread.equals(Thread.currentThread())) {
                    thread.join(service.limits().leave().multipliedBy(2));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.keySet().forEach(Connection::close);
            deadlines.close();
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private void pause(Duration time) {
        try {
            if (closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
