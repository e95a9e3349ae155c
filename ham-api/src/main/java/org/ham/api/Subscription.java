package org.ham.api;

import org.osgi.annotation.versioning.ProviderType;

/** A stream of the journal's lines to one listener, in order and without gaps. Thread-safe; closing it ends it. */
@ProviderType
public interface Subscription extends AutoCloseable {
    /** The last line that the listener has taken. */
    long seq();

    /** Ends it; the listener is not called any more when this returns, unless called by the listener itself. */
    @Override
    void close();
}
