/**
 * Nodes: the control protocol between machines, over TCP with mutual TLS. Two relays carry it and do not know what it says:
 *
 * <ul>
 *   <li>{@link org.ham.cluster.Outbound}: from a socket {@code nodes/NAME.sock} in the run-dir to the node of that name;
 *   <li>{@link org.ham.cluster.Inbound}: from the network to the control socket of this HAM, which is told whose certificate was shown.
 * </ul>
 *
 * <p>A link that was cut says nothing, so both ends send an empty line whenever there is nothing else to send, and give up on an end
 * that was silent for too long. Whoever was served by it connects again and asks again under the same ids.
 */
@NullMarked
package org.ham.cluster;

import org.jspecify.annotations.NullMarked;
