package org.ham.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A process that has attached itself ({@code ham_attach_self}). It stays attached through takeovers; ending without {@link
 * #detach} is a death. Thread-safe.
 */
@ProviderType
public interface Attachment extends AutoCloseable {
    /** The entity it is. */
    EntityHandle entity();

    /**
     * Beats ({@code ham_heartbeat}): stores the time into a page that the HAM reads; no system call, never fails, does nothing
     * without a heartbeat.
     */
    void beat();

    /**
     * Registers a thread that has to beat for itself: when it stops, the entity misses beats though others go on.
     *
     * @param name tells it from others, for people
     * @throws HamException {@code LIMIT} when too many are registered
     */
    Beater register(String name);

    /** Ends the watching in an orderly way ({@code ham_detach_self}). */
    void detach();

    /** Detaches, if that was not done yet. */
    @Override
    void close();

    /** A registered thread's own beat. Thread-safe; closing it ends the registration. */
    @ProviderType
    interface Beater extends AutoCloseable {
        /** Beats. */
        void beat();

        @Override
        void close();
    }
}
