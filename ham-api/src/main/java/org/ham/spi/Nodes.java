package org.ham.spi;

import java.util.Optional;
import org.ham.api.Pulse;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tells processes on other nodes, by the HAMs there. Thread-safe. There while this process is the HAM and the bundle for nodes is
 * installed.
 *
 * <p>Each method returns when the other HAM has answered. It throws {@link org.ham.api.HamException}: {@code NOT_FOUND} when there is
 * no such node, process or channel; {@code DENIED} when the other node does not let this one; {@code NOT_CONNECTED} when it cannot be
 * reached, so that nothing was sent; {@code TIMED_OUT} when it is not known what came of it. A repeat under the same id is known
 * there, as long as the HAM there is the same.
 */
@ProviderType
public interface Nodes {
    /** A signal for a process. */
    record Signal(String name, Optional<Integer> value, boolean group) {}

    /** Sends a pulse to a channel of a process on another node ({@code ham_action_notify_pulse_node}). */
    void pulse(String node, long pid, int channel, Pulse pulse) throws InterruptedException;

    /**
     * Sends a signal to a process on another node ({@code ham_action_notify_signal_node}).
     *
     * @param request known there, should it be asked again
     */
    void signal(String node, long pid, Signal signal, String request) throws InterruptedException;
}
