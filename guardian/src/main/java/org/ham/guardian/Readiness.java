package org.ham.guardian;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ham.spi.Primary;
import org.ham.spi.Supervisor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Looks, some time after the start, whether all of this node came up, and says so when it did not: a framework is silent
 * about components that wait for a service that never comes. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class Readiness {
    private static final Logger LOG = System.getLogger(Readiness.class.getName());
    private static final long LOOK_AFTER_SECONDS = 15;

    private final BundleContext context;
    private final Role role;
    private final ServiceComponentRuntime components;
    private final ScheduledExecutorService thread = Threads.one("ham-readiness");

    /** Will look once. */
    @Activate
    public Readiness(BundleContext context, @Reference Role role, @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.role = role;
        this.components = components;
        var _ = thread.schedule(this::look, LOOK_AFTER_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            for (var bundle : context.getBundles()) {
                if (bundle.getState() == Bundle.INSTALLED) {
                    LOG.log(Level.ERROR, "Bundle {0} is not resolved", bundle.getSymbolicName());
                }
            }
            // Those that act wait for their turn in a Guardian, and are meant to.
            Set<String> expected =
                    role.primary() ? Set.of() : Set.of(Primary.class.getName(), Supervisor.class.getName());
            unexpected(waiting(), expected)
                    .forEach(one -> LOG.log(
                            Level.ERROR, "Component {0} waits for {1} and does not run", one.name(), one.missing()));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Could not look whether the node is complete", e);
        } finally {
            // It looks once; the thread is not kept for it.
            thread.shutdown();
        }
    }

    private List<Waiting> waiting() {
        var found = new ArrayList<Waiting>();
        for (var description : components.getComponentDescriptionDTOs()) {
            for (var configuration : components.getComponentConfigurationDTOs(description)) {
                var missing = Stream.of(configuration.unsatisfiedReferences)
                        .flatMap(unsatisfied -> Stream.of(description.references)
                                .filter(reference -> reference.name.equals(unsatisfied.name))
                                .map(reference -> reference.interfaceName))
                        .toList();
                if (!missing.isEmpty()) {
                    found.add(new Waiting(description.name, Set.of(description.serviceInterfaces), missing));
                }
            }
        }
        return found;
    }

    /** Those that wait for something else than what is expected to be missing, or than what depends on it. */
    static List<Waiting> unexpected(List<Waiting> waiting, Set<String> expected) {
        var absent = new HashSet<>(expected);
        var left = new ArrayList<>(waiting);
        // Each that is explained explains in its turn those that wait for what it offers.
        while (left.removeIf(one -> absent.containsAll(one.missing()))) {
            waiting.stream().filter(one -> !left.contains(one)).forEach(one -> absent.addAll(one.offers()));
        }
        return left;
    }

    @Deactivate
    void close() {
        thread.shutdownNow();
    }

    /**
     * A component that does not run. Immutable.
     *
     * @param name its name
     * @param offers the services it would offer
     * @param missing the services it lacks
     */
    record Waiting(String name, Set<String> offers, List<String> missing) {}
}
