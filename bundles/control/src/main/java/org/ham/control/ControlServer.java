package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ham.linux.LinuxException;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.linux.UnixConnection;
import org.ham.linux.UnixListener;
import org.ham.spi.Connections;
import org.ham.wire.Budget;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Serves programs on {@code control.sock} in the run-dir, from when this process is the HAM. What they may do depends on the user that
 * the kernel says they are. When the core goes its clients are cut off, and those who come meanwhile wait in the socket for the next
 * one. The protocol is in docs/protocol.md. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class ControlServer {
    private static final Logger LOG = System.getLogger(ControlServer.class.getName());
    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(1);
    private static final int EBADF = 9;

    private final ControlSocket socket;
    private final Path path;
    private final Limits limits;
    private final Callers callers;
    private final Budget budget;
    private final Cores cores;
    private final Thread acceptor;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Door.@Nullable Open inside;

    /** Made by Declarative Services. */
    @Activate
    public ControlServer(
            @Reference ControlSocket socket,
            @Reference Processes processes,
            @Reference Signals signals,
            @Reference Installed installed,
            BundleContext context) {
        this(
                processes,
                signals,
                installed,
                socket,
                Limits.from(context::getProperty),
                () -> context.getBundle(0).getState() == Bundle.STOPPING);
    }

    /** @param stops whether the whole HAM does, so that nobody comes of whom one that is cut off could ask again */
    ControlServer(
            Processes processes,
            Signals signals,
            Installed installed,
            ControlSocket socket,
            Limits limits,
            BooleanSupplier stops) {
        this.socket = socket;
        this.path = socket.path();
        this.limits = limits;
        callers = new Callers(processes, limits.others());
        budget = new Budget(limits.memoryBytes());
        var notifying = new Notifying(processes, signals, installed::pulses);
        cores = new Cores(ham -> new Cores.Serving(
                new Service(
                        ham,
                        limits,
                        budget,
                        new Ancestry(Ancestry::parent, callers::identify),
                        installed,
                        notifying,
                        processes.self().pid(),
                        new ReentrantLock()),
                new Clients(limits, callers::isAlive, stops)));
        acceptor = Thread.ofPlatform().daemon().name("ham-control-accept").unstarted(this::serve);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindConnections(ComponentServiceObjects<Connections> connections) {
        begin(connections.getServiceReference(), connections::getService);
    }

    void unbindConnections(ComponentServiceObjects<Connections> connections) {
        cores.gone(connections.getServiceReference());
    }

    /** A core is there. The first one makes this process the HAM, which has a socket from then on. */
    synchronized void begin(Object core, Supplier<@Nullable Connections> connections) {
        cores.come(core, connections);
        if (acceptor.getState() == Thread.State.NEW && !closed()) {
            acceptor.start();
        }
    }

    /** A core goes. */
    void end(Object core) {
        cores.gone(core);
    }

    // Without its socket a HAM still supervises: a failure is told and tried again, never passed on.
    private void serve() {
        var told = false;
        try {
            while (cores.await() != null && !closed()) {
                try (var open = socket.open()) {
                    inside = open;
                    told = false;
                    acceptAll(open.listener());
                } catch (LinuxException e) {
                    if (!closed() && !told) {
                        LOG.log(
                                Level.ERROR,
                                "no programs are served: " + path + ": " + e.getMessage() + "; trying again",
                                e);
                        told = true;
                    }
                }
                pause(LISTEN_AGAIN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Out of descriptors or memory, clients wait in the backlog until others have left. */
    private void acceptAll(UnixListener open) throws InterruptedException {
        var told = false;
        while (!closed()) {
            try {
                accept(open.accept());
                told = false;
            } catch (LinuxException e) {
                if (e.errno() == EBADF) {
                    throw e;
                }
                if (!told) {
                    LOG.log(Level.WARNING, "a program has to wait: " + e.getMessage());
                    told = true;
                }
                pause(Duration.ofMillis(200));
            }
        }
    }

    /** It waits here, and those behind it in the backlog, while there is no core. */
    private void accept(UnixConnection connection) throws InterruptedException {
        var serving = cores.await();
        if (serving == null) {
            connection.close();
            return;
        }
        var caller = callers.of(connection.peer());
        var refusal = callers.refusal(caller);
        if (refusal.isPresent()) {
            LOG.log(Level.WARNING, "refused uid " + caller.uid() + ", pid " + caller.pid() + " on " + path);
            Saying.turnAway(connection, refusal.get());
        } else {
            serving.clients().serve(serving.service(), caller, connection);
        }
    }

    /** How many clients are served. */
    int clients() {
        var serving = cores.current();
        return serving == null ? 0 : serving.clients().count();
    }

    /** How many clients are told that they are too slow. */
    long cutOff() {
        var serving = cores.current();
        return serving == null ? 0 : serving.clients().cutOff();
    }

    /** How much memory is left for clients, in bytes. */
    long memoryLeft() {
        return budget.left();
    }

    /** Ends the socket at once, idle clients too; requests under way get a moment, so that a stop gets its answer. */
    @Deactivate
    void close() {
        synchronized (this) {
            if (closed()) {
                return;
            }
            closing.countDown();
        }
        var open = inside;
        if (open != null) {
            open.leave();
        }
        cores.close();
        if (acceptor.getState() == Thread.State.NEW) {
            return;
        }
        try {
            // Not before it has taken its socket away may the next one make its own.
            acceptor.join(limits.leaveWithin());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private void pause(Duration time) throws InterruptedException {
        var _ = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
