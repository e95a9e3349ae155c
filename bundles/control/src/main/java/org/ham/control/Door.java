package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;
import org.ham.spi.HeldSocket;

/**
 * Where clients come in: the socket that this process was started with, if it is still the one they find, so that those who came
 * meanwhile have waited in it; else a new one. While it is open the Guardian is offered it as well. Immutable.
 */
final class Door {
    /** What the socket is known by between HAM and Guardian. */
    static final String NAME = "control";

    private static final Logger LOG = System.getLogger(Door.class.getName());

    private final UnixSockets sockets;
    private final Path path;
    private final Map<String, String> environment;
    private final Function<HeldSocket, Runnable> offer;

    /**
     * @param environment of this process
     * @param offer offers the socket to the Guardian, and gives what takes it back
     */
    Door(UnixSockets sockets, Path path, Map<String, String> environment, Function<HeldSocket, Runnable> offer) {
        this.sockets = sockets;
        this.path = path;
        this.environment = environment;
        this.offer = offer;
    }

    Path path() {
        return path;
    }

    /** An open one; closing it ends a waiting accept. */
    record Open(UnixListener listener, Runnable takeBack) implements AutoCloseable {
        @Override
        public void close() {
            takeBack.run();
            listener.close();
        }
    }

    /** Opens it; throws {@link LinuxException} when that is not possible. */
    Open open(int mode) {
        var listener = inherited().orElseGet(() -> sockets.listen(path, mode));
        try {
            return new Open(listener, once(offer.apply(new Held(path, listener.fd()))));
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private static Runnable once(Runnable task) {
        var done = new AtomicBoolean();
        return () -> {
            if (!done.getAndSet(true)) {
                task.run();
            }
        };
    }

    private Optional<UnixListener> inherited() {
        var number = HeldSocket.inherited(NAME, path, environment);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(sockets.adoptListener(number.getAsInt(), path));
        } catch (LinuxException e) {
            LOG.log(Level.WARNING, "the control socket is made anew: " + e.getMessage());
            return Optional.empty();
        }
    }

    private record Held(Path path, int descriptor) implements HeldSocket {
        @Override
        public String name() {
            return NAME;
        }
    }
}
