package org.ham.detector.heartbeat;

/** Why a process that does not beat is not to blame. */
enum Excuse {
    /** There is none: it hangs, or is stopped. */
    NONE,
    /** Its control group is frozen. */
    FROZEN,
    /** A debugger holds it. */
    TRACED,
    /** A part of HAM is being replaced, through which its beats may come. */
    REPLACED
}
