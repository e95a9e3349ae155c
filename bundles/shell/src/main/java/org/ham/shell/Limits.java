package org.ham.shell;

import java.time.Duration;

/**
 * How much one client may take. Immutable.
 *
 * @param requestBytes the longest request line
 * @param connections the most clients at a time
 * @param request how long a client may take to send a request it began, and to begin its first
 * @param idle how long a client may be silent between requests
 * @param write how long a client may take to read a part of its reply
 * @param core how long a command waits for the core while that is being replaced
 * @param leave how long requests under way may still take when the server ends
 */
record Limits(
        int requestBytes,
        int connections,
        Duration request,
        Duration idle,
        Duration write,
        Duration core,
        Duration leave) {
    static final Limits USUAL = new Limits(
            1 << 20,
            64,
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2));
}
