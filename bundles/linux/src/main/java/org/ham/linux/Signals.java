package org.ham.linux;

import org.osgi.annotation.versioning.ProviderType;

/** Sends signals to exactly the process that was meant, never to another one under a reused pid. Thread-safe. */
@ProviderType
public interface Signals {
    /**
     * Sends a signal.
     *
     * @throws LinuxException {@code ESRCH} when exactly this process is not alive, {@code EPERM}, {@code EINVAL}
     */
    void send(ProcessRef process, int signal);

    /**
     * Sends a signal with a value, as {@code sigqueue(3)} does.
     *
     * @throws LinuxException as for {@link #send(ProcessRef, int)}; {@code EAGAIN} when the receiver's queue is full
     */
    void send(ProcessRef process, int signal, int value);

    /**
     * Sends a signal to the whole process group of its leader. The leader must be alive.
     *
     * @throws LinuxException as for {@link #send(ProcessRef, int)}; {@code EINVAL} when it leads no group
     */
    void sendToGroup(ProcessRef leader, int signal);

    /**
     * The number of a signal by its name, with or without {@code SIG}, in any case, or by its number in digits: {@code
     * SIGTERM}, {@code term}, {@code RTMIN+3}, {@code 15}.
     *
     * @throws IllegalArgumentException when there is no such signal
     */
    static int number(String name) {
        return SignalNames.number(name);
    }

    /** The name of a signal such as {@code SIGTERM} or {@code SIGRTMIN+3}; {@code SIG99} for one that does not exist. */
    static String name(int number) {
        return SignalNames.name(number);
    }
}
