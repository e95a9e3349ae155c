package org.ham.guardian;

import java.util.List;

/** Whether all of this node came up. Thread-safe. */
interface Completeness {
    /** What did not come up so far, in sentences; asks the framework each time. */
    List<String> missing();

    /** Whether this node may call itself ready: one that is to lead soon must have come up as a whole first. */
    boolean mayBeReady();
}
