package org.ham.action.waitfor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Predicate;
import org.ham.api.EntityView;
import org.ham.spi.Outcome;
import org.ham.spi.Patience;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final long SECOND = 1_000_000_000;

    private final Queue<Optional<EntityView>> states = new ArrayDeque<>();
    private final List<Duration> waits = new ArrayList<>();
    private long now = 100 * SECOND;
    private long until;
    private int lookups;

    private final Readiness.Services services = new Readiness.Services() {
        @Override
        public @Nullable Supervisor ham() {
            // The first time it is not there yet.
            return lookups++ == 0 ? null : fakeHam();
        }

        @Override
        public @Nullable Patience patience() {
            return _ -> until;
        }
    };

    /** Goes from state to state, and lets the whole time pass when none decides. */
    private Supervisor fakeHam() {
        return (Supervisor) Proxy.newProxyInstance(
                Supervisor.class.getClassLoader(), new Class<?>[] {Supervisor.class}, (_, method, arguments) -> {
                    if (method.getName().equals("entity")) {
                        return states.element();
                    }
                    return await(arguments[1], (Duration) arguments[2]);
                });
    }

    @SuppressWarnings("unchecked")
    private boolean await(Object until, Duration within) {
        waits.add(within);
        while (!((Predicate<Optional<EntityView>>) until).test(states.element())) {
            if (states.size() == 1) {
                now += within.toNanos();
                return false;
            }
            states.remove();
        }
        return true;
    }

    private static Optional<EntityView> view(long pid, boolean ready) {
        return Optional.of(new EntityView(
                "db",
                "external",
                pid == 0 ? "dead" : "running",
                pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid),
                OptionalLong.empty(),
                0,
                true,
                0,
                "",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                1,
                Optional.empty(),
                ready,
                "",
                -1));
    }

    private Outcome run(Duration delay) throws InterruptedException {
        return new Readiness(services, new Appearance(), () -> now, "db", delay).await(delay.toSeconds() + "s");
    }

    @Test
    void isDoneWhenTheEntitySaysSo() throws InterruptedException {
        states.addAll(List.of(view(7, false), view(7, true)));
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.done("db is ready"));
    }

    @Test
    void isDoneAtOnceWhenItSaidSoBefore() throws InterruptedException {
        states.add(view(7, true));
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.done("db is ready"));
    }

    @Test
    void failsWhenTheTimeIsOver() throws InterruptedException {
        states.add(view(7, false));
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.failed("db has not said that it is ready within 5s"));
    }

    @Test
    void failsWhenItEndsOrIsGone() throws InterruptedException {
        states.addAll(List.of(view(7, false), view(0, false)));
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.failed("db ended before it was ready"));
        states.clear();
        states.add(Optional.empty());
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.failed("there is no entity 'db' (any more)"));
    }

    @Test
    void waitsForOneThatHasNoProcessYet() throws InterruptedException {
        states.addAll(List.of(view(0, false), view(7, false), view(7, true)));
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.done("db is ready"));
    }

    @Test
    void waitsOnWhenMoreTimeIsAskedFor() throws InterruptedException {
        states.add(view(7, false));
        until = now + 8 * SECOND;
        assertThat(run(Duration.ofSeconds(5))).isEqualTo(Outcome.failed("db has not said that it is ready within 5s"));
        assertThat(waits).containsExactly(Duration.ofSeconds(8));
        assertThat(now).isEqualTo(108 * SECOND);
    }

    @Test
    void refusesWhatCannotBeMeant() {
        refused("path: give either path or ready, or two waitfor actions", Optional.of("/x"), true, Optional.empty());
        refused("entity: goes with ready: true", Optional.empty(), false, Optional.of("db"));
        assertThatThrownBy(() ->
                        new Parameters(Optional.empty(), Optional.of(true), Optional.of("a/b"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("entity: ");
    }

    private static void refused(String message, Optional<String> path, boolean ready, Optional<String> entity) {
        assertThatThrownBy(() -> new Parameters(path, Optional.of(ready), entity, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
