package org.ham.core;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.spi.Connections;
import org.ham.spi.Pulses;
import org.ham.spi.Reports;
import org.ham.spi.ServedHam;
import org.ham.spi.Supervisor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens connections, and delivers pulses to those that have channels open. Thread-safe. */
@Component(service = {Connections.class, Pulses.class, ConnectionsService.class})
public final class ConnectionsService implements Connections, Pulses {
    private final Core core;
    private final Supervisor supervisor;
    private static final long AGAIN_NANOS = 5_000_000;

    private final Channels channels;
    private final Subscriptions subscriptions;
    private final Rejoining rejoining;
    private final long begun;

    /** Called by Declarative Services. */
    @Activate
    public ConnectionsService(@Reference Core core, @Reference Supervisor supervisor, @Reference Reports reports) {
        this.core = core;
        this.supervisor = supervisor;
        channels = new Channels(core.host()::monotonic);
        subscriptions = new Subscriptions(core.journal(), core.published());
        rejoining = new Rejoining(core::state, reports, core.settings().rejoinWithin());
        begun = core.host().monotonic();
    }

    @Override
    public ServedHam open(Actor actor, Optional<ProcessId> process) {
        return new Connected(new Parts(supervisor, channels, subscriptions, rejoining), actor, process);
    }

    Parts parts() {
        return new Parts(supervisor, channels, subscriptions, rejoining);
    }

    /** What a connection works with. Immutable. */
    record Parts(Supervisor supervisor, Channels channels, Subscriptions subscriptions, Rejoining rejoining) {}

    @Override
    public void send(long pid, int channel, Pulse pulse, Duration within) throws InterruptedException {
        try {
            core.host().identify(pid);
        } catch (HamException e) {
            throw new HamException(Code.NOT_FOUND, "there is no process " + pid + " to send a pulse to", e);
        }
        var giveUp = core.host().monotonic() + core.settings().rejoinWithin().toNanos();
        while (!sent(pid, channel, pulse, within, giveUp)) {
            // Until it is known that the channel is gone too.
            LockSupport.parkNanos(AGAIN_NANOS);
        }
    }

    /** A program has some time to open its channels again after a takeover or a fault of its connection, and none later. */
    private boolean sent(long pid, int channel, Pulse pulse, Duration within, long giveUp) throws InterruptedException {
        var now = core.host().monotonic();
        var since = Math.max(begun, channels.lost(pid, channel).orElse(begun));
        var left = core.settings().rejoinWithin().toNanos() - (now - since);
        try {
            channels.send(pid, channel, pulse, Duration.ofNanos(Math.clamp(left, 0, within.toNanos())));
            return true;
        } catch (HamException e) {
            if (e.code() != Code.NOT_CONNECTED) {
                throw e;
            }
            // The connection ended with the pulse on its way; the same comes again with the same id.
            if (now - giveUp >= 0 || Thread.currentThread().isInterrupted()) {
                throw new HamException(Code.NOT_FOUND, String.valueOf(e.getMessage()), e);
            }
            return false;
        }
    }

    @Deactivate
    void close() {
        rejoining.close();
    }
}
