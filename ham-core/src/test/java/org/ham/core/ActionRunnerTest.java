package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionType;
import org.ham.api.HamException;
import org.ham.core.engine.Action;
import org.ham.core.engine.Effect;
import org.ham.core.engine.Input;
import org.ham.core.engine.Trigger;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plug-in that throws, hangs, or goes away is a failed action and nothing more. */
class ActionRunnerTest {
    public record None() {}

    private final Returns returns = new Returns();
    private final Plugins plugins = new Plugins(returns, 0);
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final Resolver resolver = new Resolver(plugins, leaving::get);
    private final LinkedBlockingQueue<Input> reports = new LinkedBlockingQueue<>();
    private final ActionRunner runner = new ActionRunner(plugins, 2, () -> 0, reports::add);

    @AfterEach
    void close() {
        runner.close();
    }

    /** As the test says. */
    private static final class Returns implements Returning {
        volatile boolean comes;

        @Override
        public boolean is(Object service) {
            return comes;
        }

        @Override
        public boolean any() {
            return comes;
        }
    }

    private interface Body {
        Outcome run(Invocation<None> invocation) throws Exception;
    }

    private org.ham.spi.Action<None> plugin(String name, Duration deadline, Body body) {
        var plugin = new org.ham.spi.Action<None>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Class<None> parameters() {
                return None.class;
            }

            @Override
            public Outcome run(Invocation<None> invocation) throws Exception {
                return body.run(invocation);
            }

            @Override
            public Outcome resume(Invocation<None> invocation) throws Exception {
                var outcome = body.run(invocation);
                return Outcome.done(outcome.detail().replace("new", "resumed"));
            }

            @Override
            public Duration deadline(None parameters) {
                return deadline;
            }
        };
        plugins.bindType(plugin);
        return plugin;
    }

    private void invoke(String type, String id) {
        invoke(runner, type, id);
    }

    private static void invoke(ActionRunner runner, String type, String id) {
        var action = new Action("a", type, Map.of(), Set.of(), true, List.of(), false, null, false);
        runner.invoke(new Effect.Invoke(
                "web",
                id,
                "web",
                "died",
                action,
                "a",
                new Trigger(ConditionType.DEATH, 5, "2026-01-01T00:00:00Z", 42, null, Map.of()),
                null,
                false));
    }

    private Input.Finished outcome() throws InterruptedException {
        var report = reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).as("an outcome").isInstanceOf(Input.Finished.class);
        return (Input.Finished) java.util.Objects.requireNonNull(report);
    }

    @Test
    void anActionIsToldWhatHappenedAndItsOutcomeIsReportedOnce() throws Exception {
        plugin(
                "good",
                Duration.ofSeconds(20),
                invocation -> Outcome.done(invocation.id() + " "
                        + invocation.path() + " " + invocation.event().type() + " "
                        + invocation.event().pid().getAsLong()));
        invoke("good", "i1");
        assertThat(outcome()).isEqualTo(new Input.Finished("web", "i1", true, "i1 web/died/a death 42"));
        assertThat(reports).isEmpty();
        assertThat(runner.inFlight()).isZero();
    }

    @Test
    void onePluginThatThrowsHasFailed() throws Exception {
        plugin("bad", Duration.ofSeconds(20), _ -> {
            throw new java.io.IOException("no route to host");
        });
        invoke("bad", "i1");
        assertThat(outcome()).isEqualTo(new Input.Finished("web", "i1", false, "no route to host"));
    }

    @Test
    void anErrorInAPluginIsAFailureToo() throws Exception {
        plugin("bad", Duration.ofSeconds(20), _ -> {
            throw new NoClassDefFoundError("org/other/Thing");
        });
        invoke("bad", "i1");
        assertThat(outcome().ok()).isFalse();
    }

    /** Goes on until it is interrupted. */
    private static Outcome hang(CountDownLatch interrupted) throws InterruptedException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
        return Outcome.done("");
    }

    @Test
    void oneThatHangsFailsAtItsDeadlineAndIsInterrupted() throws Exception {
        var interrupted = new CountDownLatch(1);
        plugin("slow", Duration.ofMillis(50), _ -> hang(interrupted));
        invoke("slow", "i1");
        assertThat(outcome()).isEqualTo(new Input.Finished("web", "i1", false, "it did not finish within 50ms"));
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(reports).as("its late end is not told").isEmpty();
    }

    /** The thread that begins it may not come to know how to interrupt it before its deadline. */
    @Test
    void oneWhoseDeadlineComesAsItBeginsIsInterruptedToo() throws Exception {
        var late = new Late();
        var interrupted = new CountDownLatch(1);
        plugin("slow", Duration.ofSeconds(20), _ -> {
            late.begun.countDown();
            return hang(interrupted);
        });
        try (var runner = new ActionRunner(plugins, late, 2, () -> 0, reports::add)) {
            invoke(runner, "slow", "i1");
            assertThat(outcome().ok()).isFalse();
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Begins something and has its deadline pass before whoever asked for it knows. */
    private static final class Late implements Workers {
        final CountDownLatch begun = new CountDownLatch(1);
        private final Threads threads = new Threads();
        private volatile Runnable deadline = () -> {};

        @Override
        public Runnable start(String name, Runnable what) {
            var interrupt = threads.start(name, what);
            var passing = Thread.ofPlatform().unstarted(() -> deadline.run());
            try {
                begun.await();
                passing.start();
                while (passing.getState() != Thread.State.BLOCKED && passing.isAlive()) {
                    Thread.onSpinWait();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return interrupt;
        }

        @Override
        public Runnable after(Duration time, Runnable what) {
            deadline = what;
            return () -> {};
        }

        @Override
        public void close() {
            threads.close();
        }
    }

    @Test
    void oneThatIsRemovedInMidActionHasFailed() throws Exception {
        var started = new CountDownLatch(1);
        var plugin = plugin("slow", Duration.ofSeconds(20), _ -> {
            started.countDown();
            new CountDownLatch(1).await();
            return Outcome.done("");
        });
        invoke("slow", "i1");
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        plugins.unbindType(plugin);
        assertThat(outcome().detail()).contains("was removed while the action ran");
        invoke("slow", "i2");
        assertThat(outcome().detail()).contains("no plug-in for action type 'slow' is installed");
    }

    @Test
    void oneThatIsReplacedInMidActionIsResumedByTheNext() throws Exception {
        returns.comes = true;
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var old = plugin("slow", Duration.ofSeconds(20), _ -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Outcome.done("");
        });
        invoke("slow", "i1");
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        plugins.unbindType(old);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        invoke("slow", "i2");
        assertThat(reports).isEmpty();
        plugin("slow", Duration.ofSeconds(20), invocation -> Outcome.done("new " + invocation.id()));
        assertThat(List.of(outcome(), outcome()))
                .containsExactlyInAnyOrder(
                        new Input.Finished("web", "i1", true, "resumed i1"),
                        new Input.Finished("web", "i2", true, "new i2"));
        assertThat(runner.inFlight()).isZero();
    }

    @Test
    void oneThatDoesNotComeBackAfterAllHasFailed() throws Exception {
        returns.comes = true;
        plugins.unbindType(plugin("slow", Duration.ofSeconds(20), _ -> Outcome.done("")));
        invoke("slow", "i1");
        returns.comes = false;
        assertThat(outcome().detail()).contains("no plug-in for action type 'slow' is installed");
    }

    @Test
    void oneThatIsBeingReplacedIsWaitedForByWhoNamesIt() throws Exception {
        returns.comes = true;
        plugins.unbindType(plugin("good", Duration.ofSeconds(20), _ -> Outcome.done("")));
        var resolved = new java.util.concurrent.CompletableFuture<Action>();
        Thread.ofVirtual()
                .start(() -> resolved.complete(resolver.resolve("web/died/a", ActionSpec.of("a", "good", Map.of()))));
        plugin("good", Duration.ofSeconds(20), _ -> Outcome.done(""));
        assertThat(resolved.get(20, TimeUnit.SECONDS).type()).isEqualTo("good");
    }

    @Test
    void whoGoesMeanwhileDoesNotWaitForOneThatMayWaitForItToBeGone() {
        returns.comes = true;
        plugins.unbindType(plugin("good", Duration.ofSeconds(20), _ -> Outcome.done("")));
        leaving.set(true);
        assertThatThrownBy(() -> resolver.resolve("web/died/a", ActionSpec.of("a", "good", Map.of())))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.NOT_CONNECTED));
    }

    @Test
    void whoIsInterruptedIsNotToldThatTheTypeIsUnknown() {
        returns.comes = true;
        plugins.unbindType(plugin("good", Duration.ofSeconds(20), _ -> Outcome.done("")));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> resolver.resolve("web/died/a", ActionSpec.of("a", "good", Map.of())))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.NOT_CONNECTED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void moreThanTheLimitFailAtOnce() throws Exception {
        var release = new CountDownLatch(1);
        plugin("slow", Duration.ofSeconds(20), _ -> {
            release.await();
            return Outcome.done("");
        });
        invoke("slow", "i1");
        invoke("slow", "i2");
        invoke("slow", "i3");
        assertThat(outcome().detail()).contains("the most there may be");
        release.countDown();
        outcome();
        outcome();
    }

    @Test
    void anUnknownTypeIsRefusedWithTheInstalledOnes() {
        plugin("good", Duration.ofSeconds(20), _ -> Outcome.done(""));
        assertThatThrownBy(() -> resolver.resolve("web/died/a", ActionSpec.of("a", "god", Map.of())))
                .isInstanceOf(HamException.class)
                .hasMessage("web/died/a: unknown action type 'god'; installed are: good");
    }

    @Test
    void onePluginThatThrowsWhileItIsAskedRefusesOnlyItsOwnAction() {
        plugins.bindType(new org.ham.spi.RestartAction<None>() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Class<None> parameters() {
                return None.class;
            }

            @Override
            public java.util.Optional<List<String>> command(None parameters) {
                throw new IllegalStateException("oops");
            }
        });
        assertThatThrownBy(() -> resolver.resolve("web/died/a", ActionSpec.of("a", "broken", Map.of())))
                .isInstanceOf(HamException.class)
                .hasMessageContaining("the plug-in 'broken' failed");
    }
}
