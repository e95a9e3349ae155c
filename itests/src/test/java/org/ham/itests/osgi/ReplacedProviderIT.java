package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.ham.itests.provider.Answer;
import org.ham.recovery.RecoveryException.Outcome;
import org.ham.recovery.Replay;
import org.ham.recovery.osgi.RecoveringService;
import org.ham.recovery.osgi.ServiceGoneException;
import org.ham.recovery.osgi.ServicePolicy;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** The bundle that provides a service is updated again and again while eight threads use the service through a cover. */
@RunWith(PaxExam.class)
public class ReplacedProviderIT {
    private static final int THREADS = 8;
    private static final int UPDATES = 20;
    private static final int ANSWERS_BETWEEN = 200;
    private static final ServicePolicy POLICY = ServicePolicy.usual().filter("(ham.test=answer)");

    private final Inside inside = new Inside();
    private Bundle provider;

    /** Read outside of the framework. */
    @Configuration
    public Option[] framework() {
        var folder = Setup.freshFolder();
        return new Option[] {
            Setup.node(),
            frameworkProperty("test.provider.1")
                    .value(Setup.component(folder, Answer.class, "1.0.0").toString()),
            frameworkProperty("test.provider.2")
                    .value(Setup.component(folder, Answer.class, "2.0.0").toString())
        };
    }

    @Before
    public void install() throws BundleException, IOException {
        try (var jar = jar(1)) {
            provider = inside.context().installBundle("test:answer", jar);
        }
        provider.start();
    }

    @After
    public void uninstall() throws BundleException {
        provider.uninstall();
    }

    private InputStream jar(int version) throws IOException {
        return Files.newInputStream(Path.of(inside.context().getProperty("test.provider." + version)));
    }

    @SuppressWarnings("rawtypes") // a component has no type arguments
    private RecoveringService<Function> cover(ServicePolicy policy) {
        return RecoveringService.open(inside.context(), Function.class, policy);
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static String ask(RecoveringService<Function> cover, Replay replay, AtomicInteger asked) {
        return cover.<String, RuntimeException>call(replay, answer -> (String) answer.apply(asked));
    }

    @SuppressWarnings("rawtypes")
    @Test
    public void nothingFailsButWhatMayNotBeRepeatedAndNothingIsDoubled() throws Exception {
        Queue<Throwable> outsidePolicy = new ConcurrentLinkedQueue<>();
        Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
        var answered = new Semaphore(0);
        var maybe = new AtomicLong();
        var over = new AtomicBoolean();
        try (var cover = cover(POLICY)) {
            Runnable user = () -> {
                for (var number = 0; !over.get(); number++) {
                    var replay = number % 2 == 0 ? Replay.AT_LEAST_ONCE : Replay.AT_MOST_ONCE;
                    var asked = new AtomicInteger();
                    try {
                        var answer = ask(cover, replay, asked);
                        answers.computeIfAbsent(answer, _ -> new AtomicLong()).incrementAndGet();
                        answered.release();
                        assertThat(asked.get()).isGreaterThanOrEqualTo(1);
                        assertThat(replay == Replay.AT_MOST_ONCE && asked.get() > 1)
                                .as("done twice")
                                .isFalse();
                    } catch (ServiceGoneException e) {
                        maybe.incrementAndGet();
                        if (replay == Replay.AT_LEAST_ONCE || e.outcome() != Outcome.MAYBE_DONE || asked.get() > 1) {
                            outsidePolicy.add(e);
                        }
                    } catch (RuntimeException | AssertionError e) {
                        outsidePolicy.add(e);
                    }
                }
            };
            var threads = new Thread[THREADS];
            for (var thread = 0; thread < THREADS; thread++) {
                threads[thread] = Thread.ofPlatform().name("user").start(user);
            }
            for (var update = 0; update < UPDATES; update++) {
                answered.drainPermits();
                assertThat(answered.tryAcquire(ANSWERS_BETWEEN, 60, TimeUnit.SECONDS))
                        .as("update %d: the users go on", update)
                        .isTrue();
                try (var jar = jar(update % 2 == 0 ? 2 : 1)) {
                    provider.update(jar);
                }
            }
            over.set(true);
            for (var thread : threads) {
                thread.join();
            }
            assertThat(outsidePolicy).isEmpty();
            assertThat(answers).containsOnlyKeys("1.0.0", "2.0.0");
            assertThat(cover.statistics().replacements()).isEqualTo(UPDATES);
            assertThat(cover.statistics().givenUp()).isEqualTo(maybe.get());
        }
    }

    @Test
    public void aCallWaitsForAProviderThatIsStoppedUntilItIsStarted() throws Exception {
        try (var cover = cover(POLICY)) {
            assertThat(ask(cover, Replay.AT_MOST_ONCE, new AtomicInteger())).isEqualTo("1.0.0");
            provider.stop();
            var asked = new AtomicInteger();
            var answer = new FutureTask<>(() -> ask(cover, Replay.AT_MOST_ONCE, asked));
            Thread.ofVirtual().start(answer);
            provider.start();
            assertThat(answer.get()).isEqualTo("1.0.0");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    public void aCallThatFindsNoProviderInTimeWasNotMade() throws Exception {
        provider.stop();
        try (var cover = cover(POLICY.deadline(Duration.ofMillis(1)))) {
            var asked = new AtomicInteger();
            assertThatThrownBy(() -> ask(cover, Replay.AT_LEAST_ONCE, asked))
                    .isInstanceOfSatisfying(
                            ServiceGoneException.class,
                            gone -> assertThat(gone.outcome()).isEqualTo(Outcome.NOT_DONE));
            assertThat(asked).hasValue(0);
        }
    }
}
