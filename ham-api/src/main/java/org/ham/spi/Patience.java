package org.ham.spi;

import org.osgi.annotation.versioning.ProviderType;

/** Who asked to be waited for longer ({@code EXTEND_TIMEOUT_USEC=}). Thread-safe. There while this process is the HAM. */
@ProviderType
public interface Patience {
    /** Until when an entity asks to be waited for, {@code CLOCK_MONOTONIC} nanoseconds; 0 when it does not. */
    long until(String entity);
}
