package org.ham.bench;

/** One supervisor under test, running, with its children. */
interface Side extends AutoCloseable {
    Children children();

    /** Ends the supervisor, then its children. */
    @Override
    void close();
}
