package org.ham.linux;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/** What time it is. Thread-safe. */
@ProviderType
public interface Clocks {
    /** {@code CLOCK_MONOTONIC} in nanoseconds: the same in all processes of the machine, and never set back. */
    long monotonic();

    /**
     * {@code CLOCK_BOOTTIME} in nanoseconds: {@link #monotonic} and all the time the machine slept. By default as if it never
     * did.
     */
    default long boottime() {
        return monotonic();
    }

    /** The wall clock, to print. */
    default Instant now() {
        return Instant.now();
    }
}
