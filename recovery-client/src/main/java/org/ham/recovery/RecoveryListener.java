package org.ham.recovery;

import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Is told what happens to a connection and its duplicates, in order, one event at a time, on a thread that is there only while
 * there is something to tell. It holds no recovery up: what it throws is logged; while it is slow 256 events wait for it, what comes
 * on top is counted ({@link Statistics#missed}) and not told.
 */
@ConsumerType
@FunctionalInterface
public interface RecoveryListener {
    /** Something happened. */
    void on(RecoveryEvent event);

    /** That a listener is told. Thread-safe. */
    @ProviderType
    interface Registration extends AutoCloseable {
        /** Nothing is told any more, but for what is being told just now. */
        @Override
        void close();
    }
}
