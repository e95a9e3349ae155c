package org.ham.action.heartbeat.healthy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import org.ham.api.Actor;
import org.ham.api.EntityHandle;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.spi.Invocation;
import org.ham.spi.Supervisor;
import org.junit.jupiter.api.Test;

class HeartbeatHealthyTest {
    private final List<String> asked = new ArrayList<>();
    private Optional<HamException> refusal = Optional.empty();

    private final Supervisor ham = (Supervisor) Proxy.newProxyInstance(
            Supervisor.class.getClassLoader(), new Class<?>[] {Supervisor.class}, (_, m, a) -> {
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
                var actor = (Actor) a[1];
                return asked.add(m.getName() + " " + ((EntityHandle) a[0]).name() + " " + actor.request());
            });

    private static Invocation<HeartbeatHealthy.Parameters> invocation(String entity) {
        var event = new Event(
                1,
                1,
                Instant.EPOCH,
                1,
                "heartbeat-missed-high",
                Optional.of(entity),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of());
        return new Invocation<>(
                "w-7",
                HamPath.action("*", "hangs", "heal"),
                entity,
                Optional.empty(),
                event,
                0,
                new HeartbeatHealthy.Parameters());
    }

    private final HeartbeatHealthy action = new HeartbeatHealthy(Duration.ofSeconds(60));

    @Test
    void healsTheEntityWhoseEventItWasOnceHoweverOftenItRuns() throws InterruptedException {
        action.bindHam(ham);
        assertThat(action.run(invocation("web")).ok()).isTrue();
        assertThat(asked).containsExactly("heartbeatHealthy web w-7");
    }

    @Test
    void anEntityThatHasGoneIsNoFailure() throws InterruptedException {
        action.bindHam(ham);
        refusal = Optional.of(new HamException(Code.NOT_FOUND, "no entity"));
        var outcome = action.run(invocation("web"));
        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.detail()).contains("'web' has gone");
    }

    @Test
    void anythingElseIs() {
        action.bindHam(ham);
        refusal = Optional.of(new HamException(Code.TIMED_OUT, "no answer"));
        assertThatExceptionOfType(HamException.class).isThrownBy(() -> action.run(invocation("web")));
    }

    @Test
    void waitsWhileTheCoreIsBeingReplaced() throws Exception {
        var patient = new HeartbeatHealthy(Duration.ofDays(1));
        patient.bindHam(ham);
        patient.unbindHam(ham);
        var running = new FutureTask<>(() -> patient.run(invocation("web")));
        var thread = Thread.ofPlatform().start(running);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(running.isDone()).isFalse();
        patient.bindHam(ham);
        assertThat(running.get().ok()).isTrue();
        assertThat(asked).hasSize(1);
    }

    @Test
    void withoutAHamItFails() throws InterruptedException {
        var outcome = new HeartbeatHealthy(Duration.ZERO).run(invocation("web"));
        assertThat(outcome.ok()).isFalse();
        assertThat(outcome.detail()).isEqualTo("this process is not the HAM any more");
    }
}
