package org.ham.detector.heartbeat;

import org.ham.api.Beating;
import org.ham.api.ProcessId;

/** Where the judge says what it found. */
interface Verdicts {
    /** A mark was reached. */
    void missed(String entity, ProcessId process, Beating mark, int missed);

    /** An entity whose beats heal beats again. */
    void beatsAgain(String entity, ProcessId process);
}
