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
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/**
 * Looks whether all of this node came up: a framework is silent about components that wait for a service that never comes. Some
 * time after the start it says so in the log; a node that is to lead soon ends itself then, with the reason. Thread-safe.
 */
@Component(service = Completeness.class, immediate = true)
public final class Readiness implements Completeness {
    private static final Logger LOG = System.getLogger(Readiness.class.getName());
    private static final long LOOK_AFTER_MILLIS = 15_000;
    private static final long CANDIDATE_LOOKS_EVERY_MILLIS = 250;

    private final BundleContext context;
    private final Role role;
    private final ServiceComponentRuntime components;
    private final ScheduledExecutorService thread = Threads.REAL.one("ham-readiness");
    private volatile boolean mayBeReady;

    /** Will look once, or in a candidate until all is there. */
    @Activate
    public Readiness(BundleContext context, @Reference Role role, @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.role = role;
        this.components = components;
        mayBeReady = !role.settings().candidate();
        if (mayBeReady) {
            var _ = thread.schedule(this::look, LOOK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            thread.execute(() -> insist(LOOK_AFTER_MILLIS));
        }
    }

    @Override
    public boolean mayBeReady() {
        return mayBeReady;
    }

    private void look() {
        try {
            missing().forEach(sentence -> LOG.log(Level.ERROR, "{0}", sentence));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Could not look whether the node is complete", e);
        } finally {
            // It looks once; the thread is not kept for it.
            thread.shutdown();
        }
    }

    private void insist(long millisLeft) {
        var missing = problems();
        if (missing.isEmpty()) {
            mayBeReady = true;
            thread.shutdown();
        } else if (millisLeft > 0) {
            var _ = thread.schedule(
                    () -> insist(millisLeft - CANDIDATE_LOOKS_EVERY_MILLIS),
                    CANDIDATE_LOOKS_EVERY_MILLIS,
                    TimeUnit.MILLISECONDS);
        } else {
            role.leave(1, "this node is not whole: " + String.join("; ", missing));
        }
    }

    private List<String> problems() {
        try {
            return missing();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Could not look whether the node is complete", e);
            return List.of("it cannot be looked into: " + e);
        }
    }

    @Override
    public List<String> missing() {
        var missing = new ArrayList<String>();
        for (var bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.INSTALLED) {
                missing.add("Bundle " + bundle.getSymbolicName() + " is not resolved");
            } else if (bundle.getState() == Bundle.RESOLVED
                    && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                missing.add("Bundle " + bundle.getSymbolicName() + " is not started");
            }
        }
        // Those that act wait for their turn in a Guardian, and are meant to.
        Set<String> expected = role.primary() ? Set.of() : Set.of(Primary.class.getName(), Supervisor.class.getName());
        var waiting = new ArrayList<Waiting>();
        for (var description : components.getComponentDescriptionDTOs()) {
            for (var configuration : components.getComponentConfigurationDTOs(description)) {
                var lacks = Stream.of(configuration.unsatisfiedReferences)
                        .flatMap(unsatisfied -> Stream.of(description.references)
                                .filter(reference -> reference.name.equals(unsatisfied.name))
                                .map(reference -> reference.interfaceName))
                        .toList();
                if (!lacks.isEmpty()) {
                    waiting.add(new Waiting(description.name, Set.of(description.serviceInterfaces), lacks));
                } else if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                        || description.immediate && configuration.state == ComponentConfigurationDTO.SATISFIED) {
                    missing.add("Component " + description.name + " failed to start: " + reason(configuration.failure));
                }
            }
        }
        unexpected(waiting, expected)
                .forEach(one ->
                        missing.add("Component " + one.name() + " waits for " + one.missing() + " and does not run"));
        return missing;
    }

    /** The line of a stack trace that says most. */
    private static String reason(@Nullable String failure) {
        return failure == null
                ? "unknown"
                : failure.lines()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce((_, last) -> last)
                        .or(() -> failure.lines().findFirst())
                        .orElse("unknown");
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
