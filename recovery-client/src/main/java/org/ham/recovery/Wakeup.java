package org.ham.recovery;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets the program end waits between attempts: when it learns by other ways that the other side is back, such as a message of
 * a service registry. Thread-safe.
 */
public final class Wakeup {
    private final Set<RetryPolicy.Attempts> underWay = ConcurrentHashMap.newKeySet();

    /** The same policy, woken by this. */
    public RetryPolicy waking(RetryPolicy policy) {
        return (connection, tries) -> {
            var attempts = new Listed(policy.begin(connection, tries));
            underWay.add(attempts);
            return attempts;
        };
    }

    /** All recoveries under way try again at once, and wait from the shortest time on afterwards. */
    public void wake() {
        underWay.forEach(RetryPolicy.Attempts::wake);
    }

    private final class Listed implements RetryPolicy.Attempts {
        private final RetryPolicy.Attempts attempts;

        Listed(RetryPolicy.Attempts attempts) {
            this.attempts = attempts;
        }

        @Override
        public boolean await(IOException failure) throws InterruptedException {
            return attempts.await(failure);
        }

        @Override
        public void wake() {
            attempts.wake();
        }

        @Override
        public void close() {
            underWay.remove(this);
            attempts.close();
        }
    }
}
