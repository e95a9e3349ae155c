package org.ham.cluster;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.ham.api.HamException;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;

/**
 * Carries bytes between a socket here and another node until both directions have ended or one is broken. It holds no more than a
 * buffer for each direction: who does not read is waited for, by those whose limits count it. Thread-safe.
 */
final class Relay implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final UnixConnection local;
    private final SecureLine far;
    private final Limits limits;
    private final Clock clock;
    private boolean lineEnded = true;

    Relay(UnixConnection local, SecureLine far, Limits limits, Clock clock) {
        this.local = local;
        this.far = far;
        this.limits = limits;
        this.clock = clock;
    }

    /** How it ended, where somebody is to be told. */
    enum Broken {
        /** Nothing came for too long. */
        SILENT,
        /** The connection was lost. */
        LOST
    }

    /** Carries; returns when it is over, with both ends closed unless the far one broke. */
    Optional<Broken> run() {
        Thread.ofVirtual().name("ham-node-beat").start(() -> far.beat(limits.beat()));
        var outgoing = Thread.ofVirtual().name("ham-node-out").start(this::send);
        var broken = receive();
        if (broken.isPresent()) {
            far.close();
            return broken;
        }
        try {
            outgoing.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        close();
        return Optional.empty();
    }

    private void send() {
        var buffer = new byte[BUFFER];
        try {
            for (var count = local.in().read(buffer);
                    count > 0;
                    count = local.in().read(buffer)) {
                far.write(buffer, count);
            }
            far.endOutput();
            soon();
        } catch (IOException | LinuxException _) {
            // Whoever is left hears it from the other direction.
            far.close();
        }
    }

    private Optional<Broken> receive() {
        var buffer = new byte[BUFFER];
        while (true) {
            int count;
            try {
                count = far.read(buffer);
            } catch (SocketTimeoutException _) {
                return Optional.of(Broken.SILENT);
            } catch (IOException _) {
                return Optional.of(Broken.LOST);
            }
            try {
                if (count < 0) {
                    local.out().close();
                    soon();
                    return Optional.empty();
                }
                lineEnded = buffer[count - 1] == '\n';
                local.out().write(buffer, 0, count);
            } catch (IOException | LinuxException _) {
                close();
                return Optional.empty();
            }
        }
    }

    /** One direction has ended; the other is not waited for without end. */
    private void soon() {
        clock.within(limits.leaveWithin(), this::close);
    }

    /** Says why, where a whole line fits in, and ends the socket here. */
    void end(HamException why) {
        try (var _ = clock.within(limits.leaveWithin(), local::close)) {
            if (lineEnded) {
                Bye.say(local, why);
            }
        }
        close();
    }

    /** Ends both at once. */
    @Override
    public void close() {
        far.close();
        local.close();
    }
}
