package org.ham.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Marks that this process is the HAM: the service is registered exactly while it has that role. Components that act
 * have a mandatory reference to it; components that only read have none.
 */
@ProviderType
public interface Primary {
    /**
     * The service property that is {@code true} once all who were there have been told of the service; then the core leads, if it was
     * there. A component that can wait has a reference to a service with it: in which order components are told of a service is chance,
     * and those that come before the core hold up a takeover.
     */
    String LED = "led";

    /** Why this process is the HAM. */
    enum Reason {
        /** It was started as the HAM. */
        STARTED,
        /** It was the Guardian and the HAM died. */
        TOOK_OVER,
        /** It was the Guardian and killed a HAM that hung. */
        FENCED,
        /** It stood by and the HAM handed over to it. */
        HANDED_OVER
    }

    /** Why this process is the HAM. */
    Reason reason();

    /** The process that was the HAM before, 0 when there was none. */
    long predecessor();
}
