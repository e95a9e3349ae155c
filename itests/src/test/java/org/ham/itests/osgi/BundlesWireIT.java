package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.EntityView;
import org.ham.api.ExitReason;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** All bundles in one framework: they resolve, their components find each other, HAM supervises. */
@RunWith(PaxExam.class)
public class BundlesWireIT {
    private final Inside inside = new Inside();

    /** Read outside of the framework. */
    @Configuration
    public Option[] framework() {
        return new Option[] {Setup.node()};
    }

    @After
    public void cleanUp() {
        inside.cleanUp();
    }

    @Test
    public void everyBundleStartsAndEveryComponentIsSatisfied() {
        assertThat(ours().map(Bundle::getSymbolicName))
                .contains("org.ham.api", "org.ham.core", "org.ham.guardian", "org.ham.linux", "org.ham.journal")
                .hasSizeGreaterThanOrEqualTo(13);
        assertThat(ours()).allMatch(bundle -> bundle.getState() == Bundle.ACTIVE, "is active");

        var components = inside.service(ServiceComponentRuntime.class);
        await("all components of ours are satisfied")
                .atMost(Inside.SOON)
                .untilAsserted(() -> assertThat(unsatisfied(components)).isEmpty());
    }

    private Stream<Bundle> ours() {
        return Stream.of(inside.context().getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("org.ham."));
    }

    private List<String> unsatisfied(ServiceComponentRuntime components) {
        var descriptions = components.getComponentDescriptionDTOs(ours().toArray(Bundle[]::new));
        assertThat(descriptions).hasSizeGreaterThan(10);
        return descriptions.stream()
                .filter(description -> components.getComponentConfigurationDTOs(description).stream()
                        .noneMatch(BundlesWireIT::isSatisfied))
                .map(description -> description.name
                        + components.getComponentConfigurationDTOs(description).stream()
                                .map(c -> " waits for "
                                        + Stream.of(c.unsatisfiedReferences)
                                                .map(r -> r.name)
                                                .toList()
                                        + (c.failure == null ? "" : ", failed: " + c.failure))
                                .collect(Collectors.joining()))
                .toList();
    }

    private static boolean isSatisfied(ComponentConfigurationDTO configuration) {
        return configuration.state == ComponentConfigurationDTO.ACTIVE
                || configuration.state == ComponentConfigurationDTO.SATISFIED;
    }

    @Test
    public void anEntityIsAttachedKilledAndRestarted() {
        var first = inside.attachSleeper("sleeper");
        assertThat(ProcessHandle.of(first)).get().matches(ProcessHandle::isAlive, "lives");

        var second = inside.killAndAwaitRestart("sleeper");

        assertThat(ProcessHandle.of(second)).get().matches(ProcessHandle::isAlive, "lives");
        var view = inside.ham().tree().entities().stream()
                .filter(entity -> entity.name().equals("sleeper"))
                .collect(Collectors.toList());
        assertThat(view).singleElement().satisfies(entity -> {
            assertThat(entity.pid()).hasValue(second);
            assertThat(entity.restarts()).isEqualTo(1);
            assertThat(entity.lastReason()).contains(ExitReason.signalled("SIGKILL", false));
            assertThat(entity).extracting(EntityView::status).isEqualTo("running");
        });
    }

    @Test
    public void withoutACommandForAGuardianHamSaysSoLoudly() {
        await("the alarm")
                .atMost(Inside.SOON)
                .untilAsserted(
                        () -> assertThat(inside.ham().status().alarm()).contains("unmirrored", "ham.guardian.command"));
        assertThat(inside.ham().status().guardianPid()).isEmpty();
        assertThat(inside.event("the alarm's line", 0, event -> event.type().equals("alarm")))
                .satisfies(event -> assertThat(event.data().toString()).contains("unmirrored"));
    }
}
