package org.ham.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.framework.BundleContext;

/**
 * Sockets that stay open while the bundle that serves them is being replaced, for its next version: clients wait in them meanwhile, and
 * another process that holds them still holds what clients find. Thread-safe.
 */
@ProviderType
public interface HandedOnSockets {
    /** For how long a socket that nobody serves stays open. */
    Duration LONGEST = Duration.ofSeconds(30);

    /** None are handed on. */
    HandedOnSockets NONE = new HandedOnSockets() {
        @Override
        public boolean isAwaited() {
            return false;
        }

        @Override
        public void handOn(String name, Path path, PassedDescriptor socket) {
            socket.close();
        }

        @Override
        public OptionalInt take(String name, Path path) {
            return OptionalInt.empty();
        }
    };

    /** Those that the bundle of a context hands on, or is handed. */
    static HandedOnSockets of(BundleContext context) {
        return new HandedOnServices(context, LONGEST);
    }

    /**
     * Whether this bundle is meant to run again: it is being replaced or refreshed, lacks something for now, or goes with the whole
     * framework, and is not stopped for good.
     */
    boolean isAwaited();

    /**
     * Leaves a socket to whoever serves it next. When nobody has taken it after {@link #LONGEST} it is closed, and its file deleted. While
     * the framework stops it is closed at once, and its file stays for another process that holds the socket too.
     *
     * @param name what it is known by
     * @param path where clients find it
     */
    void handOn(String name, Path path, PassedDescriptor socket);

    /**
     * Takes a socket that was left, if clients that come by its path still get to it.
     *
     * @return its number, which is the caller's from now on
     */
    OptionalInt take(String name, Path path);
}
