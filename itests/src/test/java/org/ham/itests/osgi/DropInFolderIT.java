package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A plug-in's jar in the plug-in folder of the real distribution, while the HAM supervises. */
final class DropInFolderIT {
    private static final String GREETED = """
            entity: greeted
            start: [sleep, "3600"]
            conditions:
              died:
                when: death
                flags: [rearm]
                actions:
                  - restart: {flags: [rearm]}
                  - hello: {type: greet, who: Ada, flags: [rearm, keep-on-fail]}
            """;

    @RegisterExtension
    final Installation ham = new Installation();

    @Test
    void isUsableAtOnceTakesEffectWhenReplacedAndFailsItsActionWhenRemoved() {
        var folder = Setup.freshFolder();
        ham.entity("greeted", GREETED).startDistribution();
        var alarm = ham.event(
                "the refusal of the file",
                0,
                event -> event.type().equals("alarm") && event.data().toString().contains("greet"));
        assertThat(alarm.data().toString()).contains("greeted.yaml", "installed are:");

        ham.drop(Setup.plugin(folder, "1.0.0"));
        ham.event("started", alarm.seq());
        assertThat(outcomeOfNextDeath()).isEqualTo("ok: hello Ada from version 1.0.0");

        ham.drop(Setup.plugin(folder, "2.0.0"));
        killUntil("ok: hello Ada from version 2.0.0");

        ham.removeDropped();
        killUntil("failed: no plug-in for action type 'greet' is installed");
    }

    /** The folder is looked at from time to time; until then the old version runs, and every death is recovered. */
    private void killUntil(String outcome) {
        await(outcome).atMost(Duration.ofSeconds(60)).until(this::outcomeOfNextDeath, outcome::equals);
    }

    private String outcomeOfNextDeath() {
        var started = ham.killAndAwaitRestart(ham.last("started"));
        return ham.event(
                        "the outcome",
                        started.seq(),
                        event -> event.action().filter("hello"::equals).isPresent()
                                && event.outcome().isPresent())
                .outcome()
                .orElseThrow();
    }
}
