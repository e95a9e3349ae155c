package org.ham.detector.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.ham.api.HeartbeatSpec;
import org.ham.linux.Datagram;
import org.ham.linux.HandedOnSockets;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixDatagramSocket;
import org.ham.linux.UnixSockets;
import org.ham.spi.HeldSocket;
import org.ham.spi.Host;
import org.ham.spi.RunDirs;
import org.ham.spi.Surroundings;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The socket {@code notify.sock} in the run-dir, and what started processes are told of it. The HAM makes it before it starts
 * anything, or takes over the one that it held as a Guardian or that this bundle had before it was replaced, with what waits in it.
 * Thread-safe.
 */
@Component(service = {Surroundings.class, NotifySocket.class})
public final class NotifySocket implements Surroundings {
    private static final Logger LOG = System.getLogger(NotifySocket.class.getName());
    private static final String NAME = "notify";
    private static final int FOR_ALL = 0666;

    /** What an address of a unix socket can hold. */
    private static final int LONGEST_PATH = 107;

    private final BundleContext context;
    private final Path runDir;
    private final Map<String, String> environment;
    private final HandedOnSockets handedOn;
    private @Nullable UnixDatagramSocket socket;
    private @Nullable ServiceRegistration<HeldSocket> held;

    /** Called by Declarative Services, in both roles. */
    @Activate
    public NotifySocket(BundleContext context) {
        this(context, RunDirs.of(context::getProperty, System.getenv()), System.getenv(), HandedOnSockets.of(context));
    }

    NotifySocket(BundleContext context, Path runDir, Map<String, String> environment, HandedOnSockets handedOn) {
        this.context = context;
        this.handedOn = handedOn;
        this.runDir = runDir;
        this.environment = environment;
    }

    /** The run-dir as started processes are told it. */
    Path runDir() {
        return runDir;
    }

    private Path path() {
        return runDir.resolve("notify.sock");
    }

    @Override
    public synchronized void prepare() {
        if (socket != null) {
            return;
        }
        var sockets = UnixSockets.in(context);
        var open = adopted(sockets).orElseGet(() -> QueueLength.raised(() -> sockets.bind(path(), FOR_ALL, 0)));
        socket = open;
        held = context.registerService(HeldSocket.class, new Held(path(), open.fd()), null);
        if (!fits()) {
            LOG.log(
                    Level.ERROR,
                    "Entities are given no NOTIFY_SOCKET: {0} is longer than the {1} bytes that a socket''s path may have;"
                            + " use a shorter run-dir",
                    path(),
                    LONGEST_PATH);
        }
    }

    private Optional<UnixDatagramSocket> adopted(UnixSockets sockets) {
        var left = handedOn.take(NAME, path());
        var number = left.isPresent() ? left : HeldSocket.inherited(NAME, path(), environment);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(sockets.adoptDatagramSocket(number.getAsInt(), path()));
        } catch (LinuxException e) {
            LOG.log(
                    Level.WARNING,
                    "The notify socket is made anew; what waited in the old one is lost: {0}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    private record Held(Path path, int descriptor) implements HeldSocket {
        @Override
        public String name() {
            return NAME;
        }
    }

    private boolean fits() {
        return path().toString().getBytes(UTF_8).length <= LONGEST_PATH;
    }

    @Override
    public Map<String, String> variables(String entity, Optional<HeartbeatSpec> heartbeat) {
        if (!fits()) {
            return Map.of();
        }
        var variables = new HashMap<String, String>();
        variables.put("NOTIFY_SOCKET", path().toString());
        heartbeat.map(NotifySocket::timeoutMicros).filter(micros -> micros > 0).ifPresent(micros -> {
            variables.put("WATCHDOG_USEC", Long.toString(micros));
            variables.put("WATCHDOG_PID", Host.ITS_PID);
        });
        return variables;
    }

    /** Until its first mark. Daemons beat at half of that, so that none is missed. */
    private static long timeoutMicros(HeartbeatSpec heartbeat) {
        var mark = LongStream.of(heartbeat.low(), heartbeat.high())
                .filter(missed -> missed > 0)
                .min()
                .orElse(0);
        var time = heartbeat.period().multipliedBy(mark);
        // Not by its nanoseconds: a day times a million marks is more than a long holds.
        return TimeUnit.SECONDS.toMicros(time.toSeconds()) + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }

    /**
     * Reads from now on.
     *
     * @return closing it lets what comes later wait
     * @throws LinuxException when there is no socket and none can be made
     */
    AutoCloseable read(Consumer<Datagram> receiver) {
        prepare();
        synchronized (this) {
            var open = socket;
            if (open == null) {
                throw new IllegalStateException("the socket was closed");
            }
            return open.onDatagram(receiver);
        }
    }

    @Deactivate
    synchronized void close() {
        var registration = held;
        var open = socket;
        held = null;
        socket = null;
        if (registration != null) {
            registration.unregister();
        }
        if (open != null && handedOn.isAwaited()) {
            handedOn.handOn(NAME, path(), open.leaveOpen());
        } else if (open != null) {
            open.close();
        }
    }
}
