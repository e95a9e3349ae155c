package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final IOException FAILURE = new EOFException("on purpose");

    private final AtomicLong now = new AtomicLong();

    private static Backoff backoff(Duration first, Duration most, double factor, double jitter) {
        return new Backoff(first, most, factor, jitter, -1, Duration.ofDays(1));
    }

    private BackoffAttempts attempts(Backoff policy, int tries) {
        return new BackoffAttempts(policy, tries, now::get, () -> 0);
    }

    @Test
    void waitsGrowToTheLongest() {
        var policy = backoff(Duration.ofMillis(10), Duration.ofMillis(70), 2, 0);
        assertThat(List.of(1, 2, 3, 4, 5, Integer.MAX_VALUE).stream()
                        .map(after -> TimeUnit.NANOSECONDS.toMillis(policy.waitNanos(after, 1))))
                .containsExactly(10L, 20L, 40L, 70L, 70L, 70L);
    }

    @Test
    void chanceShortensAWaitByNoMoreThanItsPart() {
        var policy = backoff(Duration.ofMillis(100), Duration.ofMillis(100), 2, 0.25);
        assertThat(policy.waitNanos(1, 0)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(policy.waitNanos(1, 1)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(75));
    }

    @Test
    void theFirstAttemptIsMadeAtOnceAndTheAttemptsEnd() throws Exception {
        var policy = backoff(Duration.ofDays(1), Duration.ofDays(1), 1, 0).attempts(2);
        try (var attempts = attempts(policy, 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            attempts.wake();
            assertThat(attempts.await(FAILURE)).isTrue();
            attempts.wake();
            assertThat(attempts.await(FAILURE)).isFalse();
        }
    }

    @Test
    void noneIsMadeAfterTheDeadline() throws Exception {
        try (var attempts = attempts(Backoff.usual().deadline(Duration.ofSeconds(1)), 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            now.set(TimeUnit.SECONDS.toNanos(1));
            assertThat(attempts.await(FAILURE)).isFalse();
        }
    }

    @Test
    void whatIsLostAgainAtOnceWaitsBeforeTheFirstAttempt() throws Exception {
        var policy = backoff(Duration.ofDays(1), Duration.ofDays(1), 1, 0);
        wakes(attempts(policy, 2), attempts -> {
            assertThat(attempts.await(FAILURE)).isTrue();
            return true;
        });
    }

    @Test
    void newsEndAWaitThatIsUnderWay() throws Exception {
        var policy = backoff(Duration.ofDays(1), Duration.ofDays(1), 1, 0);
        wakes(attempts(policy, 1), attempts -> {
            assertThat(attempts.await(FAILURE)).isTrue();
            return attempts.await(FAILURE);
        });
    }

    private interface Waiting {
        boolean on(BackoffAttempts attempts) throws InterruptedException;
    }

    /** Wakes as often as it takes: a wake that comes before the wait counts for it too. */
    private static void wakes(BackoffAttempts attempts, Waiting waiting) throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new CountDownLatch(1);
            Callable<Boolean> wait = () -> {
                begun.countDown();
                return waiting.on(attempts);
            };
            var waited = pool.submit(wait);
            begun.await();
            attempts.wake();
            assertThat(waited.get()).isTrue();
        }
    }

    @Test
    void anInterruptionEndsAWait() throws Exception {
        try (var attempts = attempts(backoff(Duration.ofDays(1), Duration.ofDays(1), 1, 0), 1)) {
            assertThat(attempts.await(FAILURE)).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> attempts.await(FAILURE)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void everythingOutOfRangeIsRefusedByName() {
        var usual = Backoff.usual();
        var day = Duration.ofDays(1);
        var none = Duration.ZERO;
        refuses("first", () -> new Backoff(none, day, 2, 0, 1, day));
        refuses("most", () -> new Backoff(day, Duration.ofMillis(1), 2, 0, 1, day));
        refuses("factor", () -> backoff(day, day, 0.5, 0));
        refuses("factor", () -> backoff(day, day, Double.NaN, 0));
        refuses("jitter", () -> backoff(day, day, 2, 1.5));
        refuses("attempts", () -> usual.attempts(0));
        refuses("deadline", () -> usual.deadline(none));
        refuses("deadline", () -> usual.deadline(day.plusMillis(1)));
    }

    private static void refuses(String what, Callable<Backoff> making) {
        assertThatThrownBy(making::call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(what)
                .hasMessageContaining("expected");
    }
}
