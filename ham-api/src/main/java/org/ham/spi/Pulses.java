package org.ham.spi;

import java.time.Duration;
import org.ham.api.Pulse;
import org.osgi.annotation.versioning.ProviderType;

/** Sends pulses to the channels that programs have opened. Thread-safe. There while this process is the HAM. */
@ProviderType
public interface Pulses {
    /**
     * Sends a pulse, and returns when the program has taken it.
     *
     * @param pid the program
     * @param channel the number of its channel
     * @param within how long to wait for a program that is about to connect again after a takeover, and for its answer
     * @throws org.ham.api.HamException {@code NOT_FOUND} when there is no such channel, {@code TIMED_OUT} when the program did
     *     not take it in time
     */
    void send(long pid, int channel, Pulse pulse, Duration within) throws InterruptedException;
}
