package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.ham.recovery.RecoveryEvent.Kind;
import org.ham.recovery.RecoveryException.Code;
import org.junit.jupiter.api.Test;

/** Events, counters and threads. */
class SeenTest {
    private static final RetryPolicy AT_ONCE = (_, _) -> _ -> true;

    private final Thing.Place place = new Thing.Place();
    private final BlockingQueue<RecoveryEvent> events = new LinkedBlockingQueue<>();

    private Connection<Thing> open(Recovery<Thing> recovery) throws IOException {
        return Connection.open(place.target(), recovery);
    }

    private List<Kind> next(int count) throws InterruptedException {
        var kinds = new java.util.ArrayList<Kind>();
        while (kinds.size() < count) {
            kinds.add(events.take().kind());
        }
        return kinds;
    }

    @Test
    void aListenerIsToldInOrder() throws Exception {
        try (var connection = open(Recovery.retrying(AT_ONCE))) {
            var registration = connection.listen(events::add);
            place.loseAndRefuse(2);
            connection.call(Thing.using("a"));
            assertThat(next(4)).containsExactly(Kind.LOST, Kind.ATTEMPT_FAILED, Kind.ATTEMPT_FAILED, Kind.RECOVERED);
            registration.close();
            registration.close();
            place.lose();
            connection.call(Thing.using("b"));
            assertThat(events).isEmpty();
        }
    }

    @Test
    void anEventSaysWhatHappenedToWhom() throws Exception {
        try (var connection = open(Recovery.reopening());
                var _ = connection.listen(events::add)) {
            place.lose();
            connection.call(Thing.using("a"));
            var lost = events.take();
            assertThat(lost.connection()).isEqualTo("place");
            assertThat(lost.generation()).isEqualTo(1);
            assertThat(lost.failure()).hasValueSatisfying(e -> assertThat(e).hasMessage("lost on purpose"));
            var back = events.take();
            assertThat(back.generation()).isEqualTo(2);
            assertThat(back.failure()).isEmpty();
            assertThat(back.away()).isGreaterThanOrEqualTo(lost.away());
        }
    }

    @Test
    void givingUpAndLimitsAreToldOf() throws Exception {
        try (var connection = open(Recovery.reopening());
                var _ = connection.listen(events::add)) {
            connection.limitPerFailure(1);
            place.loseAndRefuse(1);
            assertThatThrownBy(() -> connection.call(Thing.using("a"))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> connection.call(Thing.using("b"))).isInstanceOf(IOException.class);
            assertThat(next(4)).containsExactly(Kind.LOST, Kind.ATTEMPT_FAILED, Kind.FAILED, Kind.EXHAUSTED);
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws Exception {
        try (var connection = open(Recovery.reopening());
                var _ = connection.listen(_ -> {
                    throw new IllegalStateException("on purpose");
                });
                var _ = connection.listen(events::add)) {
            for (var again = 0; again < 3; again++) {
                place.lose();
                assertThat(connection.call(Thing.using("a"))).isEqualTo("a");
            }
            assertThat(next(6)).containsSubsequence(Kind.RECOVERED, Kind.LOST, Kind.RECOVERED);
        }
    }

    @Test
    void aListenerThatHangsHoldsNobodyUpAndWhatItMissesIsCounted() throws Exception {
        var go = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        try (var connection = open(Recovery.reopening());
                var _ = connection.listen(_ -> {
                    begun.countDown();
                    uninterrupted(go);
                })) {
            place.lose();
            connection.call(Thing.using("a"));
            begun.await();
            // One is being told, one waits; each recovery has two.
            var recoveries = Audience.MOST_WAITING / 2 + 10;
            for (var again = 0; again < recoveries; again++) {
                place.lose();
                connection.call(Thing.using("a"));
            }
            assertThat(connection.statistics().missed()).isEqualTo(2L + 2L * recoveries - 1 - Audience.MOST_WAITING);
            go.countDown();
        }
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void thereIsALimitOnListeners() throws Exception {
        try (var connection = open(Recovery.reopening())) {
            for (var listener = 0; listener < Reports.MOST_LISTENERS; listener++) {
                connection.listen(events::add);
            }
            assertThatThrownBy(() -> connection.listen(events::add))
                    .isInstanceOfSatisfying(
                            RecoveryException.class,
                            refused -> assertThat(refused.code()).isEqualTo(Code.TOO_MANY));
        }
    }

    @Test
    void aPlainConnectionHasNothingToTell() throws Exception {
        try (var connection = Connection.plain(place.target())) {
            assertThatThrownBy(connection::statistics).isInstanceOf(RecoveryException.class);
            assertThatThrownBy(() -> connection.listen(events::add)).isInstanceOf(RecoveryException.class);
        }
    }

    @Test
    void duplicatesAreCountedTogether() throws Exception {
        try (var connection = open(Recovery.retrying(AT_ONCE));
                var other = connection.dup()) {
            place.loseAndRefuse(1);
            connection.call(Thing.using("a"));
            place.lose();
            other.call(Thing.using("b"));
            var counted = connection.statistics();
            assertThat(counted).isEqualTo(other.statistics());
            assertThat(List.of(counted.failures(), counted.recoveries(), counted.succeeded(), counted.attempts()))
                    .containsExactly(2L, 2L, 2L, 3L);
            assertThat(counted.away()).isGreaterThanOrEqualTo(counted.longestAway());
            assertThat(counted.longestAway()).isGreaterThanOrEqualTo(counted.lastAway());
        }
    }

    @Test
    void timeAwayGoesOnThroughRecoveriesThatFail() {
        var now = new AtomicLong();
        var tally = new Tally(now::get);
        tally.begun(tally.met());
        now.set(10);
        tally.begun(tally.met());
        now.set(25);
        assertThat(tally.away()).isEqualTo(Duration.ofNanos(25));
        tally.recovered();
        now.set(100);
        tally.begun(tally.met());
        now.set(105);
        tally.back();
        tally.back();
        assertThat(tally.statistics(7))
                .isEqualTo(
                        new Statistics(3, 3, 1, 0, Duration.ofNanos(30), Duration.ofNanos(25), Duration.ofNanos(5), 7));
    }

    @Test
    void noThreadIsThereWhileAllIsWell() throws Exception {
        var before = ours();
        try (var connection = open(Recovery.retrying(Backoff.usual()));
                var _ = connection.listen(events::add)) {
            connection.call(Thing.using("a"));
            assertThat(before).containsAll(ours());
            place.lose();
            connection.call(Thing.using("b"));
            next(2);
            while (!before.containsAll(ours())) {
                Thread.onSpinWait();
            }
        }
    }

    /** Those of earlier tests may still be about to end. */
    private static Set<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ham-recovery"))
                .collect(Collectors.toSet());
    }

    @Test
    void whatIsLostAgainAndAgainDoesNotFloodTheLog() {
        var now = new AtomicLong();
        var lines = new LinkedBlockingQueue<String>();
        var log = new Log("place", now::get, new Recorder(lines));
        for (var again = 0; again < 100; again++) {
            log.lost(new IOException("gone"));
        }
        assertThat(lines).hasSize(Log.MOST_LINES);
        assertThat(lines.stream().toList().getFirst())
                .isEqualTo("INFO place: lost, recovering: java.io.IOException: gone");
        assertThat(lines.stream().toList().getLast()).contains("more follows");
        now.set(TimeUnit.MINUTES.toNanos(2));
        log.failed(new IOException("gone"));
        assertThat(lines.stream().toList().getLast()).startsWith("WARNING place: not recovered");
    }

    @Test
    void aLogThatFailsBreaksNothing() {
        new Log("place", () -> 0, new Recorder(null)).lost(new IOException("gone"));
    }
}
