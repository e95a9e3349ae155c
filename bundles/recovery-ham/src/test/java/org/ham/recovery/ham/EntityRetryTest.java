package org.ham.recovery.ham;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.Subscription;
import org.ham.recovery.Backoff;
import org.ham.recovery.RetryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EntityRetryTest {
    private static final IOException FAILURE = new EOFException("on purpose");
    private static final Duration DAY = Duration.ofDays(1);

    /** Alone it would wait for a day. */
    private static final Backoff SLOW = new Backoff(DAY, DAY, 1, 0, -1, DAY);

    /** Alone it hardly waits; while the entity is dead it tries once a day. */
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), DAY, 1, 0, -1, DAY);

    private final FakeHam ham = new FakeHam();

    @AfterEach
    void nobodyIsFollowedAnyMore() throws InterruptedException {
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("ham-recovery-web")) {
                thread.join();
            }
        }
        assertThat(ham.open.availablePermits()).isZero();
    }

    /** What of a HAM is used here. */
    private static final class FakeHam {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final Semaphore open = new Semaphore(0);
        volatile String status = "running";
        volatile boolean isSlow;
        volatile boolean isAway;
        volatile Runnable meanwhile = () -> {};
        volatile Consumer<Event> listener = _ -> {};
        volatile Consumer<HamException> ended = _ -> {};

        Ham ham() {
            return (Ham) Proxy.newProxyInstance(
                    Ham.class.getClassLoader(), new Class<?>[] {Ham.class}, (_, method, words) -> call(method, words));
        }

        @SuppressWarnings("unchecked")
        private Object call(Method method, @Nullable Object[] words) throws InterruptedException {
            if (isSlow) {
                goOn.await();
            }
            if (isAway) {
                asked.countDown();
                throw new HamException(HamException.Code.NOT_CONNECTED, "no HAM");
            }
            if (method.getName().equals("subscribe")) {
                assertThat(words[0]).isEqualTo(Long.MAX_VALUE);
                listener = (Consumer<Event>) requireNonNull(words[1]);
                ended = (Consumer<HamException>) requireNonNull(words[2]);
                open.release();
                return new Subscription() {
                    @Override
                    public long seq() {
                        return 0;
                    }

                    @Override
                    public void close() {
                        open.acquireUninterruptibly();
                    }
                };
            }
            assertThat(method.getName()).isEqualTo("find");
            meanwhile.run();
            asked.countDown();
            return Optional.of(view(status));
        }

        void says(String type) {
            says(type, "web");
        }

        void says(String type, String entity) {
            listener.accept(new Event(
                    1,
                    1,
                    Instant.EPOCH,
                    0,
                    type,
                    Optional.of(entity),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    Map.of()));
        }
    }

    private static EntityView view(String status) {
        return new EntityView(
                "web",
                "external",
                status,
                OptionalLong.empty(),
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
                false,
                "",
                0);
    }

    private static FutureTask<Boolean> nextOf(RetryPolicy.Attempts attempts) {
        var next = new FutureTask<>(() -> attempts.await(FAILURE));
        Thread.ofVirtual().start(next);
        return next;
    }

    @Test
    void theFirstAttemptIsMadeAtOnceAndARestartLeadsToTheNext() throws Exception {
        try (var attempts = new EntityRetry(ham.ham(), "web", SLOW).begin("web", 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            ham.asked.await();
            ham.says("death");
            var next = nextOf(attempts);
            ham.says("started", "other");
            ham.says("start-failed");
            ham.says("started");
            assertThat(next.get()).isTrue();
            next = nextOf(attempts);
            ham.says("ready");
            assertThat(next.get()).isTrue();
        }
    }

    @Test
    void whileItIsDeadNoAttemptIsMade() throws Exception {
        ham.status = "dead";
        try (var attempts = new EntityRetry(ham.ham(), "web", QUICK).begin("web", 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            ham.asked.await();
            ham.says("death");
            var next = nextOf(attempts);
            assertThat(next.isDone()).isFalse();
            ham.says("started");
            assertThat(next.get()).isTrue();
        }
    }

    @Test
    void whatHappensBetweenTheQuestionAndItsAnswerCounts() throws Exception {
        ham.status = "dead";
        ham.meanwhile = () -> ham.says("started");
        try (var attempts = new EntityRetry(ham.ham(), "web", QUICK).begin("web", 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            ham.asked.await();
            assertThat(attempts.await(FAILURE)).isTrue();
            assertThat(attempts.await(FAILURE)).isTrue();
        }
    }

    @Test
    void whereHamKnowsNothingTheBackOffDecides() throws Exception {
        try (var attempts = new EntityRetry(ham.ham(), "web", QUICK).begin("web", 1)) {
            for (var again = 0; again < 3; again++) {
                assertThat(attempts.await(FAILURE)).isTrue();
            }
            ham.asked.await();
        }
    }

    @Test
    void whereThereIsNoHamTheBackOffDecides() throws Exception {
        ham.isAway = true;
        try (var attempts = new EntityRetry(ham.ham(), "web", QUICK.attempts(2)).begin("web", 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            ham.asked.await();
            assertThat(attempts.await(FAILURE)).isTrue();
            assertThat(attempts.await(FAILURE)).isFalse();
        }
    }

    @Test
    void aHamThatDoesNotAnswerHoldsNobodyUp() throws Exception {
        ham.isSlow = true;
        try (var attempts = new EntityRetry(ham.ham(), "web", QUICK).begin("web", 1)) {
            for (var again = 0; again < 3; again++) {
                assertThat(attempts.await(FAILURE)).isTrue();
            }
        }
        ham.goOn.countDown();
    }

    @Test
    void whenHamEndsTheSubscriptionTheBackOffGoesOn() throws Exception {
        try (var attempts = new EntityRetry(ham.ham(), "web", QUICK).begin("web", 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            ham.asked.await();
            ham.says("death");
            var next = nextOf(attempts);
            ham.ended.accept(new HamException(HamException.Code.NOT_CONNECTED, "closed"));
            assertThat(next.get()).isTrue();
        }
    }

    @Test
    void aWaitIsEndedFromOutside() throws Exception {
        try (var attempts = new EntityRetry(ham.ham(), "web", SLOW).begin("web", 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            ham.asked.await();
            ham.says("death");
            var next = nextOf(attempts);
            attempts.wake();
            assertThat(next.get()).isTrue();
        }
    }

    @Test
    void connectionsToAnEntityShareOneSubscription() throws Exception {
        var policy = new EntityRetry(ham.ham(), "web", SLOW);
        try (var one = policy.begin("web", 1);
                var other = policy.begin("web", 1)) {
            assertThat(one.await(FAILURE)).isTrue();
            assertThat(other.await(FAILURE)).isTrue();
            ham.asked.await();
            assertThat(ham.open.availablePermits()).isEqualTo(1);
            ham.says("death");
            var both = List.of(nextOf(one), nextOf(other));
            ham.says("ready");
            for (var next : both) {
                assertThat(next.get()).isTrue();
            }
        }
    }
}
