package org.ham.linux;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The kernel's end of a mounted file system: it asks, this process answers. What is asked and answered are the messages of
 * {@code fuse(4)}. One thread reads at a time; otherwise thread-safe.
 */
@ProviderType
public interface FuseMount extends AutoCloseable {
    /** The least room for a request that the kernel accepts. */
    int LEAST_ROOM = 8192;

    /**
     * Waits for the next request.
     *
     * @param request room for it, at least {@link #LEAST_ROOM} bytes
     * @return its length; -1 when it is mounted no longer, closed, or the thread was interrupted
     * @throws LinuxException when the kernel refuses to go on
     */
    int read(byte[] request);

    /**
     * Answers one. An answer that nobody waits for any more is dropped.
     *
     * @throws LinuxException {@code EINVAL} when the kernel does not understand it; the one who asked keeps waiting
     */
    void write(byte[] reply, int length);

    /** Takes it away: new paths no longer lead into it, and what is open answers {@code ENOTCONN}. */
    @Override
    void close();
}
