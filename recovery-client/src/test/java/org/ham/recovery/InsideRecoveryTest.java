package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.ham.recovery.RecoveryException.Code;
import org.junit.jupiter.api.Test;

/** What a recovery function may do to its own connection, and what its settings do meanwhile. */
class InsideRecoveryTest {
    private final Thing.Place place = new Thing.Place();

    private Connection<Thing> open(Recovery<Thing> recovery) throws IOException {
        return Connection.open(place.target(), recovery);
    }

    private static String use(Connection<Thing> connection, String what) throws IOException {
        return connection.call(Thing.using(what));
    }

    private static void is(Throwable failure, Code code) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RecoveryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void itMayReplaceItself() throws IOException {
        var second = new AtomicInteger();
        try (var connection = open((c, _) -> {
            c.replace((again, _) -> {
                second.incrementAndGet();
                again.reopen();
            });
            c.reopen();
        })) {
            place.lose();
            assertThat(use(connection, "a")).isEqualTo("a");
            assertThat(second).hasValue(0);
            place.lose();
            assertThat(use(connection, "b")).isEqualTo("b");
            assertThat(second).hasValue(1);
        }
    }

    /** The original's {@code rhdl}: what the function holds may change between two failures. */
    @Test
    void whatItHoldsMayBeChangedAnyTime() throws IOException {
        var handle = new AtomicReference<>(new Thing.Place());
        var first = handle.get();
        var other = new Thing.Place();
        try (var connection = open((c, _) -> c.reopen(handle.get()))) {
            place.lose();
            use(connection, "a");
            handle.set(other);
            first.lose();
            use(connection, "b");
            assertThat(first.opened).hasSize(1);
            assertThat(other.opened).hasSize(1);
        }
    }

    @Test
    void itMayDetachItsConnectionForGood() throws IOException {
        try (var connection = open((c, _) -> {
            c.reopen();
            c.detach();
        })) {
            place.lose();
            assertThat(use(connection, "a")).isEqualTo("a");
            place.lose();
            assertThatThrownBy(() -> use(connection, "b")).hasNoSuppressedExceptions();
        }
    }

    @Test
    void itMayCloseItsConnection() throws IOException {
        var connection = open((c, _) -> {
            c.close();
            c.reopen();
        });
        place.lose();
        assertThatThrownBy(() -> use(connection, "a"))
                .hasMessage("lost on purpose")
                .satisfies(e -> is(e.getSuppressed()[0], Code.CLOSED));
        assertThatThrownBy(() -> use(connection, "b")).satisfies(e -> is(e, Code.CLOSED));
        assertThat(place.opened).allMatch(Thing::isClosed);
    }

    @Test
    void itMayUseADuplicateAsItsConnection() throws IOException {
        var other = new AtomicReference<Connection<Thing>>();
        try (var connection = open((c, _) -> {
                    c.reopen();
                    assertThat(use(other.get(), "inside")).isEqualTo("inside");
                });
                var duplicate = connection.dup()) {
            other.set(duplicate);
            place.lose();
            assertThat(use(connection, "a")).isEqualTo("a");
            assertThat(connection.counters()).isEqualTo(new Counters(0, 1, 1));
        }
    }

    @Test
    void itMayMakeADuplicateThatLives() throws IOException {
        var made = new AtomicReference<Connection<Thing>>();
        var connection = open((c, _) -> {
            c.reopen();
            made.set(c.dup());
        });
        place.lose();
        use(connection, "a");
        connection.close();
        try (var duplicate = made.get()) {
            assertThat(use(duplicate, "b")).isEqualTo("b");
        }
        assertThat(place.opened).allMatch(Thing::isClosed);
    }

    @Test
    void anotherThreadOfItsOwnWaitsLikeEverybodyElse() throws IOException {
        try (var connection = Connection.open(place.target().patience(Duration.ofMillis(1)), (c, _) -> {
            c.reopen();
            var helper = new FutureTask<>(() -> use(c, "helper"));
            Thread.ofVirtual().start(helper);
            assertThatThrownBy(helper::get).cause().satisfies(e -> is(e, Code.BUSY));
        })) {
            place.lose();
            assertThat(use(connection, "a")).isEqualTo("a");
        }
    }

    @Test
    void itsFailureIsTheOneOfTheOperation() throws IOException {
        var seen = new AtomicReference<IOException>();
        try (var connection = open((_, failure) -> {
            seen.set(failure);
            throw failure;
        })) {
            place.lose();
            assertThatThrownBy(() -> use(connection, "a")).isSameAs(seen.get()).hasNoSuppressedExceptions();
        }
    }

    @Test
    void anErrorComesThroughAndEndsTheTurn() throws IOException {
        var broken = new AtomicInteger(1);
        try (var connection = open((c, _) -> {
            c.reopen();
            if (broken.getAndDecrement() > 0) {
                throw new StackOverflowError("on purpose");
            }
        })) {
            place.lose();
            assertThatThrownBy(() -> use(connection, "a")).isInstanceOf(StackOverflowError.class);
            assertThat(use(connection, "b")).isEqualTo("b");
        }
    }

    @Test
    void returningWithoutOpeningAnythingIsBelieved() throws IOException {
        var again = new AtomicInteger();
        try (var connection = open((_, _) -> {
            if (again.incrementAndGet() == 2) {
                throw new IOException("gave up");
            }
        })) {
            place.lose();
            assertThatThrownBy(() -> use(connection, "a"))
                    .hasMessage("lost on purpose")
                    .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("gave up"));
            assertThat(connection.generation()).isEqualTo(2);
        }
    }

    @Test
    void aNegativeLimitIsNone() throws IOException {
        try (var connection = open(Recovery.reopening())) {
            connection.limitOverLife(-7);
            connection.limitPerFailure(Integer.MIN_VALUE);
            for (var again = 0; again < 5; again++) {
                place.lose();
                assertThat(use(connection, "a")).isEqualTo("a");
            }
        }
    }

    @Test
    void aDuplicateHasItsLimitsAndItsFunctionInCommon() throws IOException {
        try (var connection = open(Recovery.reopening());
                var duplicate = connection.dup()) {
            connection.limitPerFailure(0);
            place.lose();
            assertThatThrownBy(() -> use(duplicate, "a")).satisfies(e -> is(e.getSuppressed()[0], Code.EXHAUSTED));
            duplicate.limitPerFailure(-1);
            var called = new AtomicInteger();
            duplicate.replace((c, _) -> {
                called.incrementAndGet();
                c.reopen();
            });
            assertThat(use(connection, "b")).isEqualTo("b");
            assertThat(called).hasValue(1);
        }
    }

    @Test
    void aPlainConnectionBroughtBackByHandIsUsedAgain() throws IOException {
        try (var connection = Connection.plain(place.target())) {
            place.lose();
            assertThatThrownBy(() -> use(connection, "a")).hasMessage("lost on purpose");
            connection.reopen();
            assertThat(use(connection, "b")).isEqualTo("b");
        }
    }
}
