package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;
import org.ham.spi.HeldSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in: the socket that this process was started with, if it is still the one they find, so that those who came
 * meanwhile have waited in it; else a new one. While it is open the Guardian is offered it as well. Thread-safe.
 */
final class Door {
    /** What the socket is known by between HAM and Guardian. */
    static final String NAME = "control";

    private static final Logger LOG = System.getLogger(Door.class.getName());

    private final Supplier<UnixSockets> sockets;
    private final Path path;
    private final Map<String, String> environment;
    private final Function<HeldSocket, Runnable> offer;
    private @Nullable Open ahead;

    /**
     * @param sockets asked for when it is opened
     * @param environment of this process
     * @param offer offers the socket to the Guardian, and gives what takes it back
     */
    Door(
            Supplier<UnixSockets> sockets,
            Path path,
            Map<String, String> environment,
            Function<HeldSocket, Runnable> offer) {
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

    /** Opens it for the next {@link #open}; throws {@link LinuxException} when that is not possible. */
    synchronized void openAhead(int mode) {
        if (ahead == null) {
            ahead = openNow(mode);
        }
    }

    /** Opens it, unless it was opened ahead; throws {@link LinuxException} when that is not possible. */
    synchronized Open open(int mode) {
        var open = ahead;
        ahead = null;
        return open == null ? openNow(mode) : open;
    }

    /** Closes what was opened ahead and is not used. */
    synchronized void close() {
        var open = ahead;
        ahead = null;
        if (open != null) {
            open.close();
        }
    }

    private Open openNow(int mode) {
        var listener = inherited().orElseGet(() -> sockets.get().listen(path, mode));
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
            return Optional.of(sockets.get().adoptListener(number.getAsInt(), path));
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
