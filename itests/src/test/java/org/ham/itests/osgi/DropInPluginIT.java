package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionHandle;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** An action plug-in comes, changes and goes, and misbehaves, while entities are supervised. */
@RunWith(PaxExam.class)
public class DropInPluginIT {
    private final Inside inside = new Inside();
    private Bundle plugin;

    /** Read outside of the framework. */
    @Configuration
    public Option[] framework() {
        var folder = Setup.freshFolder();
        return new Option[] {
            Setup.node(),
            frameworkProperty("test.plugin.1")
                    .value(Setup.plugin(folder, "1.0.0").toString()),
            frameworkProperty("test.plugin.2")
                    .value(Setup.plugin(folder, "2.0.0").toString())
        };
    }

    @Before
    public void install() throws BundleException, IOException {
        inside.ham();
        try (var jar = jar(1)) {
            plugin = inside.context().installBundle("test:greet", jar);
        }
        plugin.start();
    }

    private InputStream jar(int version) throws IOException {
        return Files.newInputStream(Path.of(inside.context().getProperty("test.plugin." + version)));
    }

    @After
    public void cleanUp() throws BundleException {
        inside.cleanUp();
        if (plugin.getState() != Bundle.UNINSTALLED) {
            plugin.uninstall();
        }
    }

    private static ActionSpec greet(Map<String, Object> parameters) {
        return new ActionSpec("hello", "greet", parameters, Set.of(ActionFlag.REARM), List.of());
    }

    @Test
    public void isUsedThenUpdatedThenRemoved() throws Exception {
        inside.attachSleeper("greeted", greet(Map.of("who", "Ada")));
        assertThat(outcomeOfNextDeath("greeted")).isEqualTo("ok: hello Ada from version 1.0.0");

        try (var jar = jar(2)) {
            plugin.update(jar);
        }
        assertThat(outcomeOfNextDeath("greeted")).isEqualTo("ok: hello Ada from version 2.0.0");

        plugin.uninstall();
        assertThat(outcomeOfNextDeath("greeted")).startsWith("failed: ").contains("greet", "installed");
        assertThatThrownBy(() -> inside.ham()
                        .addAction(
                                ConditionHandle.of("greeted", "died"),
                                ActionSpec.of("again", "greet", Map.of("who", "Ada")),
                                Inside.TEST))
                .isInstanceOfSatisfying(
                        HamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(HamException.Code.INVALID))
                .hasMessageContainingAll("greet", "installed are:", "execute", "log", "restart", "waitfor");
        inside.killAndAwaitRestart("greeted");
    }

    @Test
    public void aRunInFlightFailsWhenThePluginIsRemovedAndSupervisionGoesOn() throws Exception {
        inside.attachSleeper("waiting", greet(Map.of("who", "Ada", "manner", "wait")));
        inside.attachSleeper("other");
        var before = inside.lastSeq();
        inside.killAndAwaitRestart("waiting");
        var begun = inside.event(
                "the run begins",
                before,
                event -> event.type().equals("action-started") && isHelloOf("waiting", event));

        inside.killAndAwaitRestart("other");
        plugin.uninstall();

        var end = inside.event("the run's end", begun.seq(), event -> isOutcome(event) && isHelloOf("waiting", event));
        assertThat(end.outcome())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("failed: ").contains("was removed"));
        inside.killAndAwaitRestart("other");
        inside.killAndAwaitRestart("waiting");
    }

    @Test
    public void oneThatThrowsFailsItsOwnActionOnly() {
        inside.attachSleeper("thrown-at", greet(Map.of("who", "Ada", "manner", "throw")));
        assertThat(outcomeOfNextDeath("thrown-at")).isEqualTo("failed: lost my voice");
        inside.killAndAwaitRestart("thrown-at");
    }

    @Test
    public void oneThatHangsFailsAtItsDeadlineAndDelaysNobodyElse() {
        inside.attachSleeper("hung", greet(Map.of("who", "Ada", "manner", "hang")));
        inside.attachSleeper("other");
        var before = inside.lastSeq();
        inside.kill("hung");
        var begun = inside.event(
                "the run begins", before, event -> event.type().equals("action-started") && isHelloOf("hung", event));
        inside.killAndAwaitRestart("other");

        var end = inside.event("the run's end", begun.seq(), event -> isOutcome(event) && isHelloOf("hung", event));

        assertThat(end.outcome()).contains("failed: it did not finish within 200ms");
        assertThat((end.mono() - begun.mono()) / 1_000_000).isBetween(190L, Inside.SOON.toMillis());
        inside.killAndAwaitRestart("hung");
    }

    @Test
    public void wrongParametersAreRefusedInItsOwnWords() {
        assertThatThrownBy(() -> inside.attachSleeper("refused", greet(Map.of("who", "nobody"))))
                .isInstanceOf(HamException.class)
                .hasMessageContainingAll("refused/died/hello", "who: nobody is not there to be greeted");
        assertThatThrownBy(() -> inside.attachSleeper("refused", greet(Map.of("whom", "Ada"))))
                .isInstanceOf(HamException.class)
                .hasMessageContainingAll("unknown parameter 'whom'", "who, manner");
        assertThatThrownBy(() -> inside.attachSleeper("refused", greet(Map.of("who", "Ada", "manner", "loud"))))
                .isInstanceOf(HamException.class)
                .hasMessageContainingAll("manner: ", "throw, wait, hang", "loud");
        assertThat(inside.ham().entity("refused")).isEmpty();
    }

    private String outcomeOfNextDeath(String entity) {
        await("the condition is there")
                .atMost(Inside.SOON)
                .until(() ->
                        inside.ham().entity(entity).orElseThrow().conditions().size() == 1);
        var before = inside.lastSeq();
        inside.killAndAwaitRestart(entity);
        return inside.event("the outcome", before, event -> isOutcome(event) && isHelloOf(entity, event))
                .outcome()
                .orElseThrow();
    }

    private static boolean isOutcome(Event event) {
        return event.type().equals("action-done") || event.type().equals("action-failed");
    }

    private static boolean isHelloOf(String entity, Event event) {
        return event.entity().filter(entity::equals).isPresent()
                && event.action().filter("hello"::equals).isPresent();
    }
}
