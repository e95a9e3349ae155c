/**
 * The control socket: serves {@link org.ham.api.Ham} to other processes. The protocol is in {@code docs/protocol.md}.
 *
 * <p>Each client has one virtual thread that reads, one for each request that is being carried out, and one that writes while there
 * is something to write. Nothing that a client does or leaves undone holds up the HAM or another client: what a client may take is
 * limited, and one that goes beyond is told why and cut off.
 */
@NullMarked
package org.ham.control;

import org.jspecify.annotations.NullMarked;
