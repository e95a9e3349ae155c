package org.ham.recovery;

import static org.ham.recovery.RecoveryException.refused;

import java.io.Closeable;
import java.io.IOException;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;

/** Calls a recovery function again until it brings the connection back, as a policy allows. Thread-safe as its parts are. */
final class Retrying<C extends Closeable> implements Recovery<C> {
    private final RetryPolicy policy;
    private final Recovery<C> recovery;

    Retrying(RetryPolicy policy, Recovery<C> recovery) {
        this.policy = policy;
        this.recovery = recovery;
    }

    @Override
    public void recover(Connection<C> connection, IOException failure) throws IOException {
        try (var attempts =
                policy.begin(connection.name(), connection.counters().tries())) {
            connection.line().atClose(attempts::wake);
            var last = failure;
            while (attempts.await(last)) {
                requireOpen(connection);
                try {
                    recovery.recover(connection, failure);
                    return;
                } catch (IOException e) {
                    last = e;
                }
            }
            requireOpen(connection);
            throw new RecoveryException(
                    Code.EXHAUSTED,
                    Outcome.NOT_DONE,
                    connection.name() + ": not back, and no attempt is left; the next operation begins anew",
                    last);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw refused(Code.INTERRUPTED, connection.name() + ": interrupted while it waited to be opened again");
        } finally {
            connection.line().atClose(null);
        }
    }

    private static void requireOpen(Connection<?> connection) throws RecoveryException {
        if (!connection.line().isOpen()) {
            throw refused(Code.CLOSED, connection.name() + ": closed while it was recovered");
        }
    }
}
