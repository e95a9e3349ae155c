package org.ham.wire;

import java.util.concurrent.atomic.AtomicLong;

/** Memory that many share. Thread-safe. */
public final class Budget {
    private final AtomicLong left;

    /** So many bytes. */
    public Budget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Takes so many, or gives them back when negative; false, and nothing is taken, when there are not so many. */
    public boolean take(long bytes) {
        if (left.addAndGet(-bytes) >= 0 || bytes <= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    /** How many are left. */
    public long left() {
        return left.get();
    }
}
