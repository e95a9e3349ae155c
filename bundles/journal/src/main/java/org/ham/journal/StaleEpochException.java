package org.ham.journal;

/** Another HAM has taken the journal over: whoever gets this is no longer the HAM and must carry out nothing more. */
public final class StaleEpochException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence for people. */
    public StaleEpochException(String message) {
        super(message);
    }
}
