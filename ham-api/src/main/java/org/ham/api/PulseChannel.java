package org.ham.api;

import org.osgi.annotation.versioning.ProviderType;

/** Where a program receives pulses: what the original's channel is to a pulse. Thread-safe; closing it ends it. */
@ProviderType
public interface PulseChannel extends AutoCloseable {
    /** Its number, unique in the program; with the program's pid it is what a {@code notify-pulse} action names. */
    int number();

    /** Ends it; pulses sent to it from now on fail. */
    @Override
    void close();
}
