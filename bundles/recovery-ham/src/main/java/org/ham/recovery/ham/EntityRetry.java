package org.ham.recovery.ham;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.ham.api.Ham;
import org.ham.recovery.Backoff;
import org.ham.recovery.RetryPolicy;

/**
 * Waits for HAM's word instead of trying blindly. While HAM says that the entity is dead no attempt is made, but one in each longest
 * wait of the back-off, in case that the word does not come; when HAM has restarted it, and again when it says that it is ready, an
 * attempt is made at once. Where HAM knows nothing of the entity, or cannot be reached, or is slow to answer, the back-off alone
 * decides; it decides in any case when to give up.
 *
 * <p>Thread-safe; one for all connections to an entity. It asks and hears HAM only while one of them is being recovered, by one
 * thread of its own, and never makes a recovery wait for an answer.
 */
public final class EntityRetry implements RetryPolicy {
    private final Backoff otherwise;
    private final EntityWatch watch;

    /**
     * Nothing is asked yet.
     *
     * @param ham stays the caller's to close; while it is closed the back-off alone decides
     * @param entity the server's name at the HAM
     * @param otherwise decides where HAM does not
     */
    public EntityRetry(Ham ham, String entity, Backoff otherwise) {
        this.otherwise = requireNonNull(otherwise, "otherwise");
        this.watch = new EntityWatch(requireNonNull(ham, "ham"), requireNonNull(entity, "entity"));
    }

    @Override
    public Attempts begin(String connection, int tries) {
        var attempts = new Driven(otherwise.begin(connection, tries));
        watch.enter(attempts);
        return attempts;
    }

    private final class Driven implements Attempts {
        private final Attempts backoff;
        private boolean isFirst = true;

        Driven(Attempts backoff) {
            this.backoff = backoff;
        }

        @Override
        public boolean await(IOException failure) throws InterruptedException {
            // The first attempt costs less than a question to HAM.
            if (!isFirst) {
                watch.awaitNotDead(this, otherwise.most());
            }
            isFirst = false;
            return backoff.await(failure);
        }

        /** By the watch at good news, and by whoever closes the connection. */
        @Override
        public void wake() {
            backoff.wake();
            watch.release(this);
        }

        @Override
        public void close() {
            watch.leave(this);
            backoff.close();
        }
    }
}
