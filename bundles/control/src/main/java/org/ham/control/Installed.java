package org.ham.control;

import java.time.Duration;
import java.util.Optional;
import org.ham.linux.Clocks;
import org.ham.spi.CommandRunner;
import org.ham.spi.HeartbeatPages;
import org.ham.spi.Pulses;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What may be there or not, as bundles come and go: pages to beat into, who delivers pulses, who carries out commands. What is just
 * being replaced, or may be just coming, is waited for. Thread-safe.
 */
@Component(service = Installed.class)
public final class Installed {
    private static final Duration WHILE_REPLACED = Duration.ofSeconds(10);

    private final Part<HeartbeatPages> pages = new Part<>();
    private final Part<Pulses> pulses = new Part<>();
    private final Part<CommandRunner> commands = new Part<>();
    private final Clocks clocks;
    private final long complete;

    /** Called by Declarative Services. */
    @Activate
    public Installed(@Reference Clocks clocks) {
        this(clocks, WHILE_REPLACED);
    }

    /** @param coming how long it takes after this until everything that is installed is there */
    Installed(Clocks clocks, Duration coming) {
        this.clocks = clocks;
        complete = clocks.monotonic() + coming.toNanos();
    }

    private Duration untilComplete() {
        return Duration.ofNanos(Math.max(0, complete - clocks.monotonic()));
    }

    Optional<HeartbeatPages> pages() {
        return pages.await(WHILE_REPLACED, untilComplete());
    }

    /** The core has them, and whoever asks is cut off when it goes. */
    Optional<Pulses> pulses() {
        return pulses.get();
    }

    Optional<CommandRunner> commands() {
        return commands.await(WHILE_REPLACED, untilComplete());
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPages(HeartbeatPages fresh) {
        pages.bind(fresh);
    }

    void unbindPages(HeartbeatPages old) {
        pages.unbind(old);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPulses(Pulses fresh) {
        pulses.bind(fresh);
    }

    void unbindPulses(Pulses old) {
        pulses.unbind(old);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCommands(CommandRunner fresh) {
        commands.bind(fresh);
    }

    void unbindCommands(CommandRunner old) {
        commands.unbind(old);
    }
}
