package org.ham.linux;

import org.osgi.annotation.versioning.ProviderType;

/** An open descriptor that somebody passed on, such as another process; whoever holds it closes it. Thread-safe. */
@ProviderType
public interface PassedDescriptor extends AutoCloseable {
    /** Its number in this process, to be used only until it is closed. */
    int fd();

    /** Closes it. */
    @Override
    void close();
}
