package org.ham.config;

import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Tells whether a plug-in has come up: its bundle is started, and all its components have what they need. Stateless. */
final class PluginHealth {
    private static final long LOOK_NANOS = 20_000_000;

    /** For so long its components may be about to come up: five seconds. */
    private static final int LOOKS = 250;

    private final ServiceComponentRuntime components;

    PluginHealth(ServiceComponentRuntime components) {
        this.components = components;
    }

    /** Starts it, and says what is wrong when it does not come up in time. */
    Optional<String> start(Bundle bundle, boolean judgesComponents) {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return Optional.empty();
        }
        try {
            bundle.start();
        } catch (BundleException | IllegalStateException e) {
            return Optional.of("it does not come up: " + reason(e));
        }
        var problem = judgesComponents ? problem(bundle) : Optional.<String>empty();
        for (var look = 0; look < LOOKS && problem.isPresent(); look++) {
            LockSupport.parkNanos(LOOK_NANOS);
            problem = problem(bundle);
        }
        return problem;
    }

    /** In one line. */
    static String reason(Exception e) {
        var cause = e.getCause();
        var text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return cause == null ? text : text + " (" + cause + ")";
    }

    /** What is wrong right now. */
    Optional<String> problem(Bundle bundle) {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return Optional.empty();
        }
        if (bundle.getState() != Bundle.ACTIVE) {
            return Optional.of("it is not started");
        }
        return components.getComponentDescriptionDTOs(bundle).stream()
                .flatMap(this::problems)
                .findFirst();
    }

    private Stream<String> problems(ComponentDescriptionDTO component) {
        return components.getComponentConfigurationDTOs(component).stream()
                .flatMap(configuration -> problem(component, configuration).stream());
    }

    private static Optional<String> problem(ComponentDescriptionDTO component, ComponentConfigurationDTO found) {
        return switch (found.state) {
            case ComponentConfigurationDTO.SATISFIED, ComponentConfigurationDTO.ACTIVE -> Optional.empty();
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Optional.of("its component " + component.name + " fails: "
                        + String.valueOf(found.failure).lines().findFirst().orElse(""));
            default -> Optional.of("its component " + component.name + " waits for " + missing(component, found));
        };
    }

    private static String missing(ComponentDescriptionDTO component, ComponentConfigurationDTO found) {
        var names = new TreeSet<String>();
        for (var unsatisfied : found.unsatisfiedReferences) {
            Stream.of(component.references)
                    .filter(reference -> reference.name.equals(unsatisfied.name))
                    .forEach(reference -> names.add("a service " + reference.interfaceName));
        }
        return names.isEmpty() ? "its configuration" : String.join(" and ", names);
    }
}
