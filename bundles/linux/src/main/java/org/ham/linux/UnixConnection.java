package org.ham.linux;

import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/** A connection over a unix socket. One thread may read while another writes, and a third closes. */
@ProviderType
public interface UnixConnection extends AutoCloseable {
    /** What the other end sends. Not buffered; closing it closes nothing. */
    InputStream in();

    /** What the other end gets. Not buffered; closing it tells the other end that nothing more comes. */
    OutputStream out();

    /**
     * Who is at the other end, as the kernel vouches for it at the time of connecting: for the one who connected the
     * process that listens, as it was when it began to.
     */
    Peer peer();

    /** Ends the connection and whatever read or write waits on it. */
    @Override
    void close();
}
