package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of an operation that was carried out before it was cut, and what a thread does that has waited for its turn to recover. */
class BegunOperationTest {
    private static final Logger LOG = Logger.getLogger("org.ham.recovery");

    private final Thing.Place place = new Thing.Place();
    private final AtomicInteger done = new AtomicInteger();

    /** Is carried out, and the answer is lost. */
    private String doneAndLost(Thing thing) throws IOException {
        done.incrementAndGet();
        throw new EOFException("the answer is lost");
    }

    private static void maybeDone(Throwable failure, Code code) {
        assertThat(failure)
                .isInstanceOfSatisfying(RecoveryException.class, told -> {
                    assertThat(told.code()).isEqualTo(code);
                    assertThat(told.outcome()).isEqualTo(Outcome.MAYBE_DONE);
                })
                .hasMessageContaining("may have been carried out")
                .cause()
                .hasMessage("the answer is lost");
    }

    @Test
    void whatWasBegunAndThenClosedMayHaveBeenDone() throws IOException {
        try (var connection = Connection.open(place.target(), (c, _) -> {
            c.reopen();
            c.close();
        })) {
            assertThatThrownBy(() -> connection.call(this::doneAndLost)).satisfies(e -> maybeDone(e, Code.CLOSED));
            assertThat(done).hasValue(1);
            assertThatThrownBy(() -> connection.call(this::doneAndLost))
                    .isInstanceOfSatisfying(
                            RecoveryException.class,
                            e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_DONE));
            assertThat(done).hasValue(1);
        }
    }

    /** Between its recovery and its second turn another thread begins a recovery that lasts. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasBegunAndThenHeldUpMayHaveBeenDone(boolean interrupted) throws Exception {
        var first = new AtomicBoolean(true);
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var connection = Connection.open(place.target().patience(Duration.ofMillis(1)), (c, _) -> {
            if (!first.getAndSet(false)) {
                begun.countDown();
                ConnectionTest.uninterrupted(go);
            }
            c.reopen();
        })) {
            var other = new FutureTask<>(() -> {
                place.lose();
                return connection.call(Thing.using("other"));
            });
            var handler = new Between(() -> {
                Thread.ofVirtual().start(other);
                ConnectionTest.uninterrupted(begun);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            LOG.addHandler(handler);
            try {
                assertThatThrownBy(() -> connection.call(this::doneAndLost))
                        .satisfies(e -> maybeDone(e, interrupted ? Code.INTERRUPTED : Code.BUSY));
            } finally {
                LOG.removeHandler(handler);
                go.countDown();
            }
            assertThat(Thread.interrupted()).isEqualTo(interrupted);
            assertThat(other.get()).isEqualTo("other");
            assertThat(done).hasValue(1);
        }
    }

    /** Does something once, on the thread that has just brought a connection back and says so. */
    private static final class Between extends Handler {
        private final Thread of = Thread.currentThread();
        private final Runnable what;
        private boolean over;

        Between(Runnable what) {
            this.what = what;
        }

        @Override
        public void publish(LogRecord line) {
            if (!over && Thread.currentThread() == of && line.getMessage().contains("back")) {
                over = true;
                what.run();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** One that is not open is lost whatever the predicate says. */
    @Test
    void aLossThatThePredicateDoesNotKnowIsRecoveredByTheNextOperation() throws IOException {
        var target = Target.of("place", place, EOFException.class::isInstance);
        try (var connection = Connection.open(target, Recovery.reopening())) {
            place.loseAndRefuse(1);
            assertThatThrownBy(() -> connection.call(Thing.using("a"))).hasMessage("lost on purpose");
            assertThat(connection.<String>call(Thing.using("b"))).isEqualTo("b");
        }
    }

    /** Its turn comes when the one before it has failed; meanwhile recovery was suspended. */
    @Test
    void whoHasWaitedForItsTurnAsksAgainWhetherItMayRecover() throws Exception {
        var calls = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var connection = Connection.open(place.target(), (_, _) -> {
            calls.incrementAndGet();
            begun.countDown();
            ConnectionTest.uninterrupted(go);
            throw new IOException("not back");
        })) {
            var used = new CountDownLatch(1);
            var second = new FutureTask<>(() -> connection.call(thing -> {
                used.countDown();
                ConnectionTest.uninterrupted(begun);
                return thing.use("second");
            }));
            var waiting = Thread.ofPlatform().start(second);
            ConnectionTest.uninterrupted(used);
            place.lose();
            var first = new FutureTask<>(() -> connection.call(Thing.using("first")));
            Thread.ofPlatform().start(first);
            Awaitility.await("the second waits for its turn")
                    .until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            connection.suspend();
            go.countDown();
            assertThatThrownBy(first::get).cause().hasMessage("lost on purpose");
            assertThatThrownBy(second::get)
                    .cause()
                    .hasMessage("lost on purpose")
                    .hasNoSuppressedExceptions();
            assertThat(calls).hasValue(1);
            assertThat(connection.counters().recoveries()).isEqualTo(1);
        }
    }
}
