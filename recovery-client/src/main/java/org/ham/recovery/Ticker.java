package org.ham.recovery;

/** The monotonic clock, in nanoseconds from an origin of its own. Thread-safe. */
@FunctionalInterface
interface Ticker {
    /** The machine's. */
    Ticker SYSTEM = System::nanoTime;

    /** Now. */
    long nanos();
}
