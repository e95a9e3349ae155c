package org.ham.guardian;

import java.util.Optional;
import org.ham.linux.ProcessRef;
import org.ham.spi.Primary;

/** Which of the two this process is, and the way from one to the other. Thread-safe. */
interface Role {
    /** Whether this process is the HAM. */
    boolean primary();

    /** The HAM this process stands by for; empty when it is the HAM itself or has no business here. */
    Optional<ProcessRef> guarded();

    /** Becomes the HAM as soon as the lock is free; returns at once. */
    void takeOver(Primary.Reason reason);

    /** Becomes the HAM now that the core loop has the {@link #word}, and takes the lock when it is free; returns at once. */
    void takeOverAhead(Primary.Reason reason);

    /** Names the thread that leads. */
    LeaderWord word();

    /** Stands by for another HAM from now on, as the one before is gone or has handed over. Confined to the core loop. */
    void guard(ProcessRef ham);

    /** Ends this process on the spot, from the core loop: another one leads, and nothing more is to come from here. */
    void endAtOnce();

    /** Ends this process in order; returns at once. */
    void leave(int code, String why);

    /** This process's own pid. */
    long pid();

    /** The page of beats. */
    BeatPage page();

    /** What the bundle was told. */
    Settings settings();

    /** The folder of this instance. */
    RunDir runDir();
}
