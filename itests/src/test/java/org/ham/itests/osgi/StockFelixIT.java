package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stock Felix with our bundles put into its folder by hand supervises, with a Guardian or, loudly, without one. */
final class StockFelixIT {
    private static final String SLEEPER = """
            entity: sleeper
            start: [sleep, "3600"]
            conditions:
              died:
                when: death
                flags: [rearm]
                actions:
                  - restart: {flags: [rearm]}
            """;

    @RegisterExtension
    final Installation felix = new Installation();

    @Test
    void withoutACommandForAGuardianItSupervisesUnmirroredAndSaysSo() {
        felix.entity("sleeper", SLEEPER).startStockFelix();

        var alarm = felix.event("alarm", 0);
        assertThat(alarm.data().toString()).contains("unmirrored", "ham.guardian.command");
        await("the log's warning")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(felix.output()).contains("UNMIRRORED"));

        var restarted = felix.killAndAwaitRestart(felix.event("started", 0));
        felix.killAndAwaitRestart(restarted);
    }

    @Test
    void withACommandForAGuardianThatOneTakesOver() {
        // Each HAM's Guardian has a cache of its own, named after the HAM.
        var ham = felix.entity("sleeper", SLEEPER)
                .startStockFelix("ham.guardian.command=sh -c 'exec " + String.join(" ", Installation.stockFelix())
                        + " cache-$HAM_GUARDIAN_OF'");
        var ready = felix.event("guardian-ready", 0);
        var started = felix.killAndAwaitRestart(felix.event("started", 0));

        Installation.kill(ham.pid());

        var takeover = felix.event("took-over", ready.seq());
        assertThat(takeover.pid()).isEqualTo(ready.pid());
        assertThat(takeover.epoch()).isEqualTo(ready.epoch() + 1);
        felix.killAndAwaitRestart(started);
        var next = felix.event("guardian-ready", takeover.seq());
        assertThat(next.pid()).isNotEqualTo(ready.pid());
    }
}
