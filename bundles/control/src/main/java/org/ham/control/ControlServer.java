package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.ham.linux.LinuxException;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.linux.UnixConnection;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;
import org.ham.spi.Connections;
import org.ham.spi.HeldSocket;
import org.ham.spi.RunDirs;
import org.ham.wire.Budget;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Serves programs on {@code control.sock} in the run-dir, while this process is the HAM. What they may do depends on the user that the
 * kernel says they are. The protocol is in docs/protocol.md. Thread-safe.
 */
@Component(service = {})
public final class ControlServer {
    /** The socket in the run-dir. */
    static final String SOCKET = "control.sock";

    private static final Logger LOG = System.getLogger(ControlServer.class.getName());
    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(1);
    private static final Duration ASK_AGAIN = Duration.ofMillis(20);
    private static final int FOR_OWNER = 0600;
    private static final int FOR_ALL = 0666;
    private static final int EBADF = 9;

    private final Door door;
    private final Processes processes;
    private final Path path;
    private final Limits limits;
    private final Callers callers;
    private final Supplier<@Nullable Connections> connections;
    private final Installed installed;
    private final Notifying notifying;
    private final Budget budget;
    private final Clients clients;
    private final Thread acceptor;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Door.@Nullable Open inside;

    /** Made by Declarative Services; the reference is there exactly while this process is the HAM. */
    @Activate
    public ControlServer(
            @Reference ComponentServiceObjects<Connections> connections,
            @Reference UnixSockets sockets,
            @Reference Processes processes,
            @Reference Signals signals,
            @Reference Installed installed,
            BundleContext context) {
        this(
                connections::getService,
                processes,
                signals,
                installed,
                new Door(
                        sockets,
                        RunDirs.of(context::getProperty, System.getenv()).resolve(SOCKET),
                        System.getenv(),
                        held -> {
                            var registration = context.registerService(HeldSocket.class, held, null);
                            return () -> takeBack(registration);
                        }),
                Limits.from(context::getProperty));
    }

    /** @param connections the HAM, or null while it is just coming: asked again then */
    ControlServer(
            Supplier<@Nullable Connections> connections,
            Processes processes,
            Signals signals,
            Installed installed,
            Door door,
            Limits limits) {
        this.connections = connections;
        this.installed = installed;
        notifying = new Notifying(processes, signals, installed::pulses);
        this.door = door;
        this.processes = processes;
        this.path = door.path();
        this.limits = limits;
        callers = new Callers(processes, limits.others());
        budget = new Budget(limits.memoryBytes());
        clients = new Clients(limits, callers::isAlive);
        acceptor = Thread.ofPlatform().daemon().name("ham-control-accept").unstarted(() -> serve());
        acceptor.start();
    }

    private static void takeBack(ServiceRegistration<HeldSocket> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException _) {
            // The framework was quicker, as the bundle stops.
        }
    }

    // Without its socket a HAM still supervises: a failure is told and tried again, never passed on.
    private void serve() {
        var ham = awaitHam();
        if (ham != null) {
            serve(new Service(
                    ham,
                    limits,
                    budget,
                    new Ancestry(Ancestry::parent, callers::identify),
                    installed,
                    notifying,
                    processes.self().pid(),
                    new ReentrantLock()));
        }
    }

    /** Declarative Services can give nothing while the core is being activated on another thread, and do not ask again. */
    private @Nullable Connections awaitHam() {
        while (!closed()) {
            try {
                var ham = connections.get();
                if (ham != null) {
                    return ham;
                }
            } catch (IllegalStateException _) {
                // This component is about to go.
            }
            pause(ASK_AGAIN);
        }
        return null;
    }

    private void serve(Service service) {
        var told = false;
        while (!closed()) {
            try (var open = door.open(limits.others() == Limits.Others.NONE ? FOR_OWNER : FOR_ALL)) {
                inside = open;
                told = false;
                acceptAll(open.listener(), service);
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
    }

    /** Out of descriptors or memory, clients wait in the backlog until others have left. */
    private void acceptAll(UnixListener open, Service service) {
        var told = false;
        while (!closed()) {
            try {
                accept(open.accept(), service);
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

    private void accept(UnixConnection connection, Service service) {
        var caller = callers.of(connection.peer());
        var refusal = callers.refusal(caller);
        if (refusal.isPresent()) {
            LOG.log(Level.WARNING, "refused uid " + caller.uid() + ", pid " + caller.pid() + " on " + path);
            Saying.turnAway(connection, refusal.get());
        } else {
            clients.serve(service, caller, connection);
        }
    }

    /** How many clients are served. */
    int clients() {
        return clients.count();
    }

    /** How many clients are told that they are too slow. */
    long cutOff() {
        return clients.cutOff();
    }

    /** How much memory is left for clients, in bytes. */
    long memoryLeft() {
        return budget.left();
    }

    /** Ends the socket at once, idle clients too; requests under way get a moment, so that a stop gets its answer. */
    @Deactivate
    void close() {
        if (closed()) {
            return;
        }
        closing.countDown();
        var open = inside;
        if (open != null) {
            open.close();
        }
        clients.finish();
        try {
            // Not before it has taken its socket away may the next one make its own.
            acceptor.join(limits.leaveWithin());
            clients.awaitAll();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            clients.close();
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
