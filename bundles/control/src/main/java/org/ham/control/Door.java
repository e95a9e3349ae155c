package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ham.linux.HandedOnSockets;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;
import org.ham.spi.HeldSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in: the socket that the last version of this bundle left or that this process was started with, if it is still the one
 * they find, so that those who came meanwhile have waited in it; else a new one. While it is open the Guardian is offered it as well. Thread-safe.
 */
final class Door {
    /** What the socket is known by between HAM and Guardian. */
    static final String NAME = "control";

    private static final Logger LOG = System.getLogger(Door.class.getName());

    private final Supplier<UnixSockets> sockets;
    private final Path path;
    private final Map<String, String> environment;
    private final HandedOnSockets handedOn;
    private final Function<HeldSocket, Runnable> offer;
    private @Nullable Open current;

    /**
     * @param sockets asked for when it is opened
     * @param environment of this process
     * @param handedOn what a version of this bundle leaves to the next
     * @param offer offers the socket to the Guardian, and gives what takes it back
     */
    Door(
            Supplier<UnixSockets> sockets,
            Path path,
            Map<String, String> environment,
            HandedOnSockets handedOn,
            Function<HeldSocket, Runnable> offer) {
        this.sockets = sockets;
        this.path = path;
        this.environment = environment;
        this.handedOn = handedOn;
        this.offer = offer;
    }

    Path path() {
        return path;
    }

    /** An open one; closing it ends a waiting accept. Thread-safe. */
    final class Open implements AutoCloseable {
        private final UnixListener listener;
        private final Runnable takeBack;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Open(UnixListener listener, Runnable takeBack) {
            this.listener = listener;
            this.takeBack = takeBack;
        }

        UnixListener listener() {
            return listener;
        }

        /** Closes it, unless another one is to come after this: then clients wait in the socket for that. */
        void leave() {
            if (handedOn.isAwaited() && !closed.getAndSet(true)) {
                takeBack.run();
                handedOn.handOn(NAME, path, listener.leaveOpen());
            } else {
                close();
            }
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                takeBack.run();
                listener.close();
            }
        }
    }

    /** The open one, opened now unless it is; throws {@link LinuxException} when that is not possible. */
    synchronized Open open(int mode) {
        var open = current;
        if (open == null || open.closed.get()) {
            open = openNow(mode);
            current = open;
        }
        return open;
    }

    /** Leaves what is open. */
    synchronized void close() {
        if (current != null) {
            current.leave();
        }
    }

    private Open openNow(int mode) {
        var listener = inherited().orElseGet(() -> sockets.get().listen(path, mode));
        try {
            return new Open(listener, offer.apply(new Held(path, listener.fd())));
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private Optional<UnixListener> inherited() {
        var left = handedOn.take(NAME, path);
        var number = left.isPresent() ? left : HeldSocket.inherited(NAME, path, environment);
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
