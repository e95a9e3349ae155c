package org.ham.linux;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Sockets in the file system, which know who is at the other end. Thread-safe. */
@ProviderType
public interface UnixSockets {
    /**
     * The sockets of this bundle, for a component that comes before it and has not been told of them yet when it needs them.
     *
     * @throws LinuxException when they are not there
     */
    static UnixSockets in(BundleContext context) {
        ServiceReference<UnixSockets> reference = context.getServiceReference(UnixSockets.class);
        UnixSockets sockets = reference == null ? null : context.getService(reference);
        if (sockets == null) {
            throw new LinuxException("the Linux bundle's sockets are not there", 0);
        }
        return sockets;
    }

    /**
     * Listens under a path. It binds a temporary name and renames it over the path, so that a stale socket is replaced in
     * one step and no client ever meets a half-made one.
     *
     * @param mode the permission bits of the socket file, such as 0600
     * @throws LinuxException when that is not possible
     */
    UnixListener listen(Path path, int mode);

    /**
     * Connects to a listener.
     *
     * @throws LinuxException {@code ENOENT} or {@code ECONNREFUSED} when nobody listens
     */
    UnixConnection connect(Path path);

    /**
     * Receives datagrams under a path, which is replaced as by {@link #listen}. They wait until the socket is read.
     *
     * <p>How many may wait is the kernel's setting {@code net.unix.max_dgram_qlen} at this moment; how many bytes of them is up
     * to each sender's own send buffer. The receive buffer only counts where the kernel makes it count.
     *
     * @param mode the permission bits of the socket file, such as 0666 for one that everybody may send to
     * @param receiveBuffer bytes; 0 for the kernel's default
     * @throws LinuxException when that is not possible
     */
    UnixDatagramSocket bind(Path path, int mode, int receiveBuffer);

    /**
     * Takes over a listening socket that this process was started with.
     *
     * @param fd its number, now the listener's to close
     * @param path where it is reached; closing the listener deletes that file
     * @throws LinuxException {@code EBADF} or {@code EINVAL} when that descriptor is no listening unix socket; it stays as it
     *     is then
     */
    UnixListener adoptListener(int fd, Path path);

    /**
     * Takes over a datagram socket that this process was started with.
     *
     * @param fd its number, now the socket's to close
     * @param path where it is reached; closing the socket deletes that file
     * @throws LinuxException {@code EBADF} or {@code EINVAL} when that descriptor is no unix datagram socket with a name; it
     *     stays as it is then
     */
    UnixDatagramSocket adoptDatagramSocket(int fd, Path path);
}
