package org.ham.linux;

/**
 * Who is at the other end of a socket. Immutable.
 *
 * @param pid its process
 * @param uid its user
 * @param gid its group
 */
public record Peer(long pid, long uid, long gid) {}
