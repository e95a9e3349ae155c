package org.ham.journal;

/** What a reader should read next was deleted or withdrawn meanwhile; it has to start anew with {@link Journal#read}. */
public final class JournalGapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence for people. */
    public JournalGapException(String message) {
        super(message);
    }
}
