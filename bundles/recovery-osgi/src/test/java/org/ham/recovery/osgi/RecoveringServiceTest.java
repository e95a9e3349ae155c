package org.ham.recovery.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.framework.FrameworkFactory;
import org.ham.recovery.RecoveryException.Outcome;
import org.ham.recovery.Replay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** In a real framework. */
class RecoveringServiceTest {
    /** What is covered. */
    interface Greeter {
        String greet(String whom) throws IOException;

        default String pay(String whom) throws IOException {
            return greet(whom);
        }
    }

    private static final ServicePolicy GREETS_TWICE =
            ServicePolicy.usual().idempotent(method -> method.getName().equals("greet"));
    private static final ServicePolicy IMPATIENT = GREETS_TWICE.deadline(Duration.ofMillis(1));

    @TempDir
    Path folder;

    private Framework framework;
    private BundleContext context;

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.toString(), "felix.log.level", "1"));
        framework.start();
        context = framework.getBundleContext();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(0);
    }

    private ServiceRegistration<Greeter> register(Greeter greeter, int ranking) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(Constants.SERVICE_RANKING, ranking));
        return context.registerService(Greeter.class, greeter, properties);
    }

    private ServiceRegistration<Greeter> register(String name) {
        return register(whom -> name + " greets " + whom, 0);
    }

    private RecoveringService<Greeter> cover(ServicePolicy policy) {
        return RecoveringService.open(context, Greeter.class, policy);
    }

    private static void gone(Throwable failure, Outcome outcome) {
        assertThat(failure).isInstanceOfSatisfying(ServiceGoneException.class, gone -> {
            assertThat(gone.outcome()).isEqualTo(outcome);
            assertThat(gone.getType()).isEqualTo(ServiceException.UNREGISTERED);
        });
    }

    @Test
    void itIsTheServiceWhileAllIsWell() throws Exception {
        register("Ada");
        try (var cover = cover(GREETS_TWICE)) {
            assertThat(cover.service().greet("Bob")).isEqualTo("Ada greets Bob");
            assertThat(cover.service().pay("Bob")).isEqualTo("Ada greets Bob");
            assertThat(cover.statistics()).isEqualTo(new ServiceStatistics(0, 0, Duration.ZERO, 0, 0, 0));
        }
    }

    @Test
    void theProvidersOwnFailuresGoStraightToTheCaller() {
        var failure = new AtomicReference<Exception>(new IOException("hoarse"));
        register(
                whom -> {
                    if (failure.get() instanceof IOException io) {
                        throw io;
                    }
                    throw new IllegalArgumentException(whom);
                },
                0);
        try (var cover = cover(GREETS_TWICE)) {
            assertThatThrownBy(() -> cover.service().greet("Bob")).isSameAs(failure.get());
            failure.set(new IllegalStateException());
            assertThatThrownBy(() -> cover.service().greet("Bob")).isInstanceOf(IllegalArgumentException.class);
            assertThat(cover.statistics().failures()).isZero();
        }
    }

    @Test
    void anErrorGoesStraightToTheCaller() {
        register(
                _ -> {
                    throw new StackOverflowError("on purpose");
                },
                0);
        try (var cover = cover(GREETS_TWICE)) {
            assertThatThrownBy(() -> cover.service().greet("Bob")).isInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void aCallMadeMeanwhileWaitsAndGoesToTheNewProvider() throws Exception {
        var old = register("Ada");
        try (var cover = cover(GREETS_TWICE)) {
            var service = cover.service();
            old.unregister();
            var answer = new FutureTask<>(() -> service.greet("Bob"));
            Thread.ofVirtual().start(answer);
            register("Eve");
            assertThat(answer.get()).isEqualTo("Eve greets Bob");
            assertThat(cover.statistics().replacements()).isEqualTo(1);
        }
    }

    @Test
    void withoutAProviderInTimeNothingWasDone() {
        try (var cover = cover(IMPATIENT)) {
            assertThatThrownBy(() -> cover.service().greet("Bob"))
                    .satisfies(e -> gone(e, Outcome.NOT_DONE))
                    .hasMessageContaining("Greeter");
            assertThat(cover.statistics().givenUp()).isEqualTo(1);
        }
    }

    /** Is replaced in the middle of a call, which then fails. */
    private void registerOneThatIsReplaced(String by) {
        var own = new AtomicReference<ServiceRegistration<Greeter>>();
        own.set(register(
                _ -> {
                    own.get().unregister();
                    register(by);
                    throw new IllegalStateException("stopped");
                },
                0));
    }

    @Test
    void aCallThatFailedIsRepeatedIfItMayHappenTwice() throws Exception {
        registerOneThatIsReplaced("Eve");
        try (var cover = cover(GREETS_TWICE)) {
            assertThat(cover.service().greet("Bob")).isEqualTo("Eve greets Bob");
            assertThat(cover.statistics().repeats()).isEqualTo(1);
        }
    }

    @Test
    void aCallThatFailedIsNotRepeatedUnlessThatIsSaid() throws Exception {
        registerOneThatIsReplaced("Eve");
        try (var cover = cover(ServicePolicy.usual())) {
            assertThatThrownBy(() -> cover.service().greet("Bob"))
                    .satisfies(e -> gone(e, Outcome.MAYBE_DONE))
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThat(cover.service().greet("Bob")).isEqualTo("Eve greets Bob");
        }
    }

    @Test
    void aCallIsRepeatedAsItSaysItself() throws Exception {
        registerOneThatIsReplaced("Eve");
        try (var cover = cover(ServicePolicy.usual())) {
            assertThat(cover.<String, IOException>call(Replay.AT_LEAST_ONCE, greeter -> greeter.greet("Bob")))
                    .isEqualTo("Eve greets Bob");
        }
    }

    /** The provider goes in a call that it has carried out, and does more. */
    private void registerOneThatGoes(Runnable more) {
        var own = new AtomicReference<ServiceRegistration<Greeter>>();
        own.set(register(
                _ -> {
                    own.get().unregister();
                    more.run();
                    throw new IllegalStateException("stopped");
                },
                0));
    }

    private static void begunAndGone(Throwable failure, String why) {
        gone(failure, Outcome.MAYBE_DONE);
        assertThat(failure)
                .hasMessageContaining(why)
                .hasMessageContaining("may have been carried out")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCallThatWasCarriedOutAndFindsNoSuccessorMayHaveBeenDone() {
        registerOneThatGoes(() -> {});
        try (var cover = cover(IMPATIENT)) {
            assertThatThrownBy(() -> cover.service().greet("Bob"))
                    .satisfies(e -> begunAndGone(e, "no provider came in time"));
            assertThat(cover.statistics().givenUp()).isEqualTo(1);
            assertThatThrownBy(() -> cover.service().greet("Bob")).satisfies(e -> gone(e, Outcome.NOT_DONE));
        }
    }

    @Test
    void aCallThatWasCarriedOutAndIsInterruptedOrClosedMayHaveBeenDone() {
        registerOneThatGoes(() -> Thread.currentThread().interrupt());
        try (var cover = cover(GREETS_TWICE)) {
            assertThatThrownBy(() -> cover.service().greet("Bob")).satisfies(e -> begunAndGone(e, "interrupted"));
            assertThat(Thread.interrupted()).isTrue();
            registerOneThatGoes(cover::close);
            assertThatThrownBy(() -> cover.service().greet("Bob")).satisfies(e -> begunAndGone(e, "closed"));
        }
    }

    @Test
    void aCallThatIsAnsweredAfterTheReplacementIsAnswered() throws Exception {
        var own = new AtomicReference<ServiceRegistration<Greeter>>();
        own.set(register(
                whom -> {
                    own.get().unregister();
                    return "late " + whom;
                },
                0));
        try (var cover = cover(ServicePolicy.usual())) {
            assertThat(cover.service().greet("Bob")).isEqualTo("late Bob");
        }
    }

    @Test
    void failuresThatMeanALossAreThePolicysToSay() throws Exception {
        var called = new CountDownLatch(1);
        register(
                _ -> {
                    called.countDown();
                    throw new IOException("link down");
                },
                0);
        try (var cover = cover(GREETS_TWICE.lost(IOException.class::isInstance))) {
            var answer = new FutureTask<>(() -> cover.service().greet("Bob"));
            Thread.ofVirtual().start(answer);
            called.await();
            register(whom -> "Eve greets " + whom, 1);
            assertThat(answer.get()).isEqualTo("Eve greets Bob");
        }
    }

    @Test
    void theHighestRankingAndThenTheNextIsUsed() throws Exception {
        register("Ada");
        try (var cover = cover(GREETS_TWICE)) {
            var high = register(whom -> "Eve greets " + whom, 1);
            assertThat(cover.service().greet("Bob")).isEqualTo("Eve greets Bob");
            Dictionary<String, Object> low = new Hashtable<>(Map.of(Constants.SERVICE_RANKING, -1));
            high.setProperties(low);
            assertThat(cover.service().greet("Bob")).isEqualTo("Ada greets Bob");
            high.unregister();
            assertThat(cover.service().greet("Bob")).isEqualTo("Ada greets Bob");
        }
    }

    @Test
    void aFilterLeavesOthersOut() throws Exception {
        register("Ada");
        try (var cover = cover(IMPATIENT.filter("(service.ranking=5)"))) {
            assertThatThrownBy(() -> cover.service().greet("Bob")).satisfies(e -> gone(e, Outcome.NOT_DONE));
            register(whom -> "Eve greets " + whom, 5);
            assertThat(cover.service().greet("Bob")).isEqualTo("Eve greets Bob");
        }
    }

    @Test
    void closingAndInterruptionEndAWait() throws Exception {
        var cover = cover(GREETS_TWICE);
        var begun = new CountDownLatch(1);
        var answer = new FutureTask<>(() -> {
            begun.countDown();
            return cover.service().greet("Bob");
        });
        Thread.ofVirtual().start(answer);
        begun.await();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> cover.service().greet("Bob"))
                .satisfies(e -> gone(e, Outcome.NOT_DONE))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        cover.close();
        assertThatThrownBy(answer::get).cause().satisfies(e -> gone(e, Outcome.NOT_DONE));
        assertThatThrownBy(() -> cover.service().greet("Bob")).satisfies(e -> gone(e, Outcome.NOT_DONE));
    }

    @Test
    void theServiceIsAnObjectLikeAnyOther() {
        try (var cover = cover(GREETS_TWICE)) {
            var service = cover.service();
            assertThat(Set.of(service, cover.service())).hasSize(2).contains(service);
            assertThat(service.toString()).contains("Greeter");
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> cover(GREETS_TWICE.filter("(service")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(service");
        assertThatThrownBy(() -> GREETS_TWICE.deadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        try (var cover = RecoveringService.open(context, String.class, GREETS_TWICE)) {
            assertThatThrownBy(cover::service).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
