package org.ham.view;

import java.time.Duration;

/**
 * How much the readers of the view may take. Immutable.
 *
 * @param nodes how many files and folders may be looked at at a time
 * @param open how many may be open at a time
 * @param openBytes how much memory what is open may take
 * @param requestBytes room for a request
 * @param replyBytes room for an answer
 * @param leave how long the end waits for the thread
 */
record Limits(int nodes, int open, long openBytes, int requestBytes, int replyBytes, Duration leave) {
    static final Limits USUAL = new Limits(10_000, 1_024, 8L << 20, 8_192, 64 << 10, Duration.ofSeconds(2));
}
