package org.ham.control;

import java.util.Optional;
import org.ham.spi.CommandRunner;
import org.ham.spi.HeartbeatPages;
import org.ham.spi.Pulses;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What may be there or not, as bundles come and go: pages to beat into, who delivers pulses, who carries out commands. Thread-safe. */
@Component(service = Installed.class)
public final class Installed {
    private volatile @Nullable HeartbeatPages pages;
    private volatile @Nullable Pulses pulses;
    private volatile @Nullable CommandRunner commands;

    Optional<HeartbeatPages> pages() {
        return Optional.ofNullable(pages);
    }

    Optional<Pulses> pulses() {
        return Optional.ofNullable(pulses);
    }

    Optional<CommandRunner> commands() {
        return Optional.ofNullable(commands);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPages(HeartbeatPages fresh) {
        pages = fresh;
    }

    // The next one may be bound before the one before is unbound, here and below.
    void unbindPages(HeartbeatPages old) {
        if (pages == old) {
            pages = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPulses(Pulses fresh) {
        pulses = fresh;
    }

    void unbindPulses(Pulses old) {
        if (pulses == old) {
            pulses = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCommands(CommandRunner fresh) {
        commands = fresh;
    }

    void unbindCommands(CommandRunner old) {
        if (commands == old) {
            commands = null;
        }
    }
}
