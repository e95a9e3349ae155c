package org.ham.action.heartbeat.healthy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

    @Test
    void healsTheEntityWhoseEventItWasOnceHoweverOftenItRuns() {
        assertThat(HeartbeatHealthy.heal(ham, invocation("web")).ok()).isTrue();
        assertThat(asked).containsExactly("heartbeatHealthy web w-7");
    }

    @Test
    void anEntityThatHasGoneIsNoFailure() {
        refusal = Optional.of(new HamException(Code.NOT_FOUND, "no entity"));
        var outcome = HeartbeatHealthy.heal(ham, invocation("web"));
        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.detail()).contains("'web' has gone");
    }

    @Test
    void anythingElseIs() {
        refusal = Optional.of(new HamException(Code.TIMED_OUT, "no answer"));
        assertThatExceptionOfType(HamException.class).isThrownBy(() -> HeartbeatHealthy.heal(ham, invocation("web")));
    }
}
