package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.ham.recovery.RecoveryException.Code;
import org.junit.jupiter.api.Test;

/** A recovery that tries again as a policy allows. */
class RetryingTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** Once it waits, it waits until it is woken. */
    private static final Backoff UNTIL_WOKEN = new Backoff(DAY, DAY, 1, 0, -1, DAY);

    private static final RetryPolicy AT_ONCE = (_, _) -> _ -> true;

    private final Thing.Place place = new Thing.Place();

    private Connection<Thing> open(Recovery<Thing> recovery) throws IOException {
        return Connection.open(place.target(), recovery);
    }

    @Test
    void oneRecoveryTriesUntilItIsBack() throws IOException {
        try (var connection = open(Recovery.retrying(AT_ONCE))) {
            connection.limitOverLife(1);
            place.loseAndRefuse(3);
            assertThat(connection.call(Thing.using("a"))).isEqualTo("a");
            assertThat(connection.counters()).isEqualTo(new Counters(0, 1, 1));
            assertThat(connection.statistics().attempts()).isEqualTo(4);
        }
    }

    @Test
    void thePolicyHearsOfEachFailureAndOfTheTries() throws IOException {
        var failures = new CopyOnWriteArrayList<String>();
        var tries = new CopyOnWriteArrayList<Integer>();
        RetryPolicy policy = (connection, count) -> {
            assertThat(connection).isEqualTo("place");
            tries.add(count);
            return failure -> {
                failures.add(String.valueOf(failure.getMessage()));
                return true;
            };
        };
        try (var connection = open(Recovery.retrying(policy))) {
            place.loseAndRefuse(1);
            assertThat(connection.<String>call(thing -> {
                        if (place.opened.size() < 3) {
                            place.lose();
                        }
                        return thing.use("a");
                    }))
                    .isEqualTo("a");
        }
        assertThat(failures).containsExactly("lost on purpose", "refused on purpose", "lost on purpose");
        assertThat(tries).containsExactly(1, 2);
    }

    @Test
    void whenNoAttemptIsLeftTheOperationsErrorSaysSoAndTheNextOneBeginsAnew() throws IOException {
        try (var connection = open(Recovery.retrying(Backoff.usual().attempts(1)))) {
            place.loseAndRefuse(1);
            assertThatThrownBy(() -> connection.call(Thing.using("a")))
                    .hasMessage("lost on purpose")
                    .satisfies(e -> {
                        assertThat(e.getSuppressed()).hasSize(1);
                        assertThat(e.getSuppressed()[0])
                                .isInstanceOfSatisfying(
                                        RecoveryException.class,
                                        refused -> assertThat(refused.code()).isEqualTo(Code.EXHAUSTED))
                                .hasCauseInstanceOf(ConnectException.class);
                    });
            assertThat(connection.call(Thing.using("b"))).isEqualTo("b");
        }
    }

    @Test
    void whatIsNoInputOrOutputErrorEndsTheRecovery() throws IOException {
        try (var connection = open(Recovery.retrying(AT_ONCE, (_, _) -> {
            throw new IllegalStateException("wrong password");
        }))) {
            place.lose();
            assertThatThrownBy(() -> connection.call(Thing.using("a")))
                    .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("wrong password"));
        }
    }

    @Test
    void anEventOfTheProgramEndsTheWait() throws Exception {
        var wakeup = new Wakeup();
        var waiting = new CountDownLatch(1);
        try (var connection = open(Recovery.retrying(wakeup.waking(UNTIL_WOKEN)))) {
            place.loseAndRefuse(1);
            connection.listen(event -> countDown(waiting, event));
            var result = inBackground(connection, waiting);
            wakeup.wake();
            assertThat(result.get()).isEqualTo("a");
        }
        // Nobody is listed any more.
        wakeup.wake();
    }

    @Test
    void closingEndsTheWait() throws Exception {
        var waiting = new CountDownLatch(1);
        var connection = open(Recovery.retrying(UNTIL_WOKEN));
        place.loseAndRefuse(Integer.MAX_VALUE);
        connection.listen(event -> countDown(waiting, event));
        var result = inBackground(connection, waiting);
        connection.close();
        assertThatThrownBy(result::get)
                .rootCause()
                .hasMessage("lost on purpose")
                .satisfies(e -> assertThat(e.getSuppressed()[0])
                        .isInstanceOfSatisfying(
                                RecoveryException.class,
                                refused -> assertThat(refused.code()).isEqualTo(Code.CLOSED)));
        assertThat(place.opened).allMatch(Thing::isClosed);
    }

    @Test
    void anInterruptionEndsTheWaitAndIsKept() throws Exception {
        try (var connection = open(Recovery.retrying(UNTIL_WOKEN, (_, _) -> {
            Thread.currentThread().interrupt();
            throw new ConnectException("not there");
        }))) {
            place.lose();
            assertThatThrownBy(() -> connection.call(Thing.using("a")))
                    .satisfies(e -> assertThat(e.getSuppressed()[0])
                            .isInstanceOfSatisfying(
                                    RecoveryException.class,
                                    refused -> assertThat(refused.code()).isEqualTo(Code.INTERRUPTED)));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void countDown(CountDownLatch waiting, RecoveryEvent event) {
        if (event.kind() == RecoveryEvent.Kind.ATTEMPT_FAILED) {
            waiting.countDown();
        }
    }

    /** Uses the connection until the first attempt has failed. */
    private static Future<String> inBackground(Connection<Thing> connection, CountDownLatch waiting)
            throws InterruptedException {
        var result = new FutureTask<>(() -> connection.<String>call(Thing.using("a")));
        Thread.ofVirtual().name("user").start(result);
        waiting.await();
        return result;
    }

    /** A retry library decides when and how often. */
    @Test
    void aRetryLibraryCanBeThePolicy() throws IOException {
        var retry = Retry.of(
                "place",
                RetryConfig.custom()
                        .maxAttempts(3)
                        .intervalFunction(IntervalFunction.of(Duration.ofMillis(1)))
                        .build());
        RetryPolicy policy = (_, _) -> attempts(retry);
        try (var connection = open(Recovery.retrying(policy))) {
            place.loseAndRefuse(2);
            assertThat(connection.call(Thing.using("a"))).isEqualTo("a");
            place.loseAndRefuse(3);
            assertThatThrownBy(() -> connection.call(Thing.using("b"))).hasMessage("lost on purpose");
            assertThat(retry.getMetrics().getNumberOfFailedCallsWithRetryAttempt())
                    .isEqualTo(1);
            assertThat(connection.statistics().attempts()).isEqualTo(6);
        }
    }

    /** It counts and waits when it is told of an error; the first attempt has none before it. */
    private static RetryPolicy.Attempts attempts(Retry retry) {
        var context = retry.<Object>context();
        var earlier = new CopyOnWriteArrayList<>(List.<IOException>of());
        return failure -> {
            if (earlier.isEmpty()) {
                return earlier.add(failure);
            }
            try {
                context.onError(failure);
                return true;
            } catch (Exception _) {
                return false;
            }
        };
    }
}
