package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The original's functions, over TCP to a server that is killed and started again. */
class ConnectionTest {
    /** Answers a request of somebody who has logged in; forgets the login with the connection. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private Server server;
    private Target<SocketChannel> target;

    @BeforeEach
    void start() throws IOException {
        server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), client -> {
            var in = false;
            for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
                asked.add(line.get());
                in |= line.get().equals("login");
                Lines.write(client, in ? "done " + line.get() : "who are you?");
            }
        });
        target = Target.of("server", () -> SocketChannel.open(server.address()), Losses.ofSockets());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Recovery<SocketChannel> loggingIn() {
        return (connection, _) -> {
            connection.reopen();
            connection.call(channel -> Lines.ask(channel, "login"));
        };
    }

    private Connection<SocketChannel> loggedIn() throws IOException {
        var connection = Connection.open(target, loggingIn());
        connection.call(channel -> Lines.ask(channel, "login"));
        return connection;
    }

    private static String ask(Connection<SocketChannel> connection, String what) throws IOException {
        return connection.call(channel -> Lines.ask(channel, what));
    }

    @Test
    void aLostConnectionIsRecoveredAndTheOperationSentAgain() throws IOException {
        try (var connection = loggedIn()) {
            assertThat(ask(connection, "a")).isEqualTo("done a");
            server.restart();
            assertThat(ask(connection, "b")).isEqualTo("done b");
            assertThat(connection.counters()).isEqualTo(new Counters(0, 1, 1));
            assertThat(connection.generation()).isEqualTo(2);
        }
        assertThat(asked).containsExactly("login", "a", "login", "b");
    }

    @Test
    void aPlainConnectionFailsAsItWouldWithoutTheLibrary() throws IOException {
        try (var connection = Connection.plain(target)) {
            server.restart();
            assertThatThrownBy(() -> ask(connection, "a"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(RecoveryException.class)
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    void aPlainConnectionIsMadeAwareOnce() throws IOException {
        try (var connection = Connection.plain(target)) {
            connection.attach(loggingIn());
            assertThatThrownBy(() -> connection.attach(Recovery.reopening())).satisfies(e -> is(e, Code.EXISTS));
            server.restart();
            assertThat(ask(connection, "a")).isEqualTo("done a");
        }
    }

    @Test
    void aFunctionIsReplacedAndLimitsAndCountersStay() throws IOException {
        try (var connection = Connection.open(target, Recovery.reopening())) {
            connection.limitOverLife(2);
            server.restart();
            assertThat(ask(connection, "a")).isEqualTo("who are you?");
            connection.replace(loggingIn());
            server.restart();
            assertThat(ask(connection, "b")).isEqualTo("done b");
            server.restart();
            assertThatThrownBy(() -> ask(connection, "c")).satisfies(e -> suppresses(e, Code.EXHAUSTED));
        }
    }

    @Test
    void replacingWhereThereIsNoneAttaches() throws IOException {
        try (var connection = Connection.plain(target)) {
            connection.replace(loggingIn());
            server.restart();
            assertThat(ask(connection, "a")).isEqualTo("done a");
        }
    }

    @Test
    void aDetachedConnectionStaysOpenAndFailsAsAPlainOne() throws IOException {
        try (var connection = loggedIn()) {
            connection.detach();
            assertThat(ask(connection, "a")).isEqualTo("done a");
            server.restart();
            assertThatThrownBy(() -> ask(connection, "b")).isInstanceOf(IOException.class);
            assertThatThrownBy(connection::detach).satisfies(e -> is(e, Code.NOT_ATTACHED));
            for (var setting : settings(connection)) {
                assertThatThrownBy(setting::run).satisfies(e -> is(e, Code.NOT_ATTACHED));
            }
        }
    }

    private interface Setting {
        void run() throws RecoveryException;
    }

    private static List<Setting> settings(Connection<?> connection) {
        return List.of(
                () -> connection.limitOverLife(1),
                () -> connection.limitPerFailure(1),
                connection::suspend,
                connection::enable,
                connection::resetTries,
                connection::resetRecoveries,
                connection::counters,
                connection::dup);
    }

    @Test
    void theLimitOverTheLifeHoldsUntilItIsReset() throws IOException {
        try (var connection = loggedIn()) {
            connection.limitOverLife(1);
            server.restart();
            assertThat(ask(connection, "a")).isEqualTo("done a");
            server.restart();
            assertThatThrownBy(() -> ask(connection, "b")).satisfies(e -> suppresses(e, Code.EXHAUSTED));
            connection.resetRecoveries();
            assertThat(ask(connection, "c")).isEqualTo("done c");
            connection.limitOverLife(-1);
            for (var again = 0; again < 3; again++) {
                server.restart();
                assertThat(ask(connection, "d")).isEqualTo("done d");
            }
        }
    }

    @Test
    void theLimitPerFailureHoldsAgainstWhatFailsAgainAndASuccessResetsIt() throws IOException {
        var failing = new AtomicInteger();
        try (var connection = Connection.open(target, Recovery.reopening())) {
            connection.limitPerFailure(2);
            Operation<SocketChannel, String> operation = channel -> {
                if (failing.getAndDecrement() > 0) {
                    throw new EOFException("on purpose");
                }
                return "done";
            };
            failing.set(2);
            assertThat(connection.call(operation)).isEqualTo("done");
            assertThat(connection.counters()).isEqualTo(new Counters(0, 2, 2));
            failing.set(3);
            assertThatThrownBy(() -> connection.call(operation))
                    .isInstanceOf(EOFException.class)
                    .satisfies(e -> suppresses(e, Code.EXHAUSTED));
            assertThat(connection.counters().tries()).isEqualTo(2);
            failing.set(1);
            assertThatThrownBy(() -> connection.call(operation)).isInstanceOf(EOFException.class);
            connection.resetTries();
            failing.set(1);
            assertThat(connection.call(operation)).isEqualTo("done");
        }
    }

    @Test
    void aLimitOfZeroForbidsRecovery() throws IOException {
        try (var connection = loggedIn()) {
            connection.limitPerFailure(0);
            server.restart();
            assertThatThrownBy(() -> ask(connection, "a")).satisfies(e -> suppresses(e, Code.EXHAUSTED));
        }
    }

    @Test
    void aSuspendedRecoveryLetsErrorsThroughUntilItIsEnabled() throws IOException {
        try (var connection = loggedIn()) {
            connection.suspend();
            server.restart();
            assertThatThrownBy(() -> ask(connection, "a")).hasNoSuppressedExceptions();
            connection.enable();
            assertThat(ask(connection, "b")).isEqualTo("done b");
        }
    }

    @Test
    void aFailedRecoveryGivesTheErrorOfTheOperationAndTheNextOperationTriesAgain() throws IOException {
        try (var connection = loggedIn()) {
            server.kill();
            assertThatThrownBy(() -> ask(connection, "a"))
                    .isInstanceOf(IOException.class)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            server.start();
            assertThat(ask(connection, "b")).isEqualTo("done b");
            assertThat(connection.counters()).isEqualTo(new Counters(0, 2, 1));
        }
    }

    @Test
    void whatAFailedRecoveryLeftHalfRebuiltIsNotUsed() throws IOException {
        var healthy = new AtomicInteger();
        try (var connection = Connection.open(target, (c, _) -> {
            c.reopen();
            if (healthy.getAndIncrement() == 0) {
                throw new IllegalStateException("no login");
            }
            c.call(channel -> Lines.ask(channel, "login"));
        })) {
            server.restart();
            assertThatThrownBy(() -> ask(connection, "a"))
                    .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("no login"));
            assertThat(connection.resource().isOpen()).isFalse();
            assertThat(ask(connection, "b")).isEqualTo("done b");
        }
    }

    @Test
    void otherErrorsGoStraightToTheCaller() throws IOException {
        try (var connection = loggedIn()) {
            assertThatThrownBy(() -> connection.call(_ -> {
                        throw new SocketTimeoutException("late");
                    }))
                    .hasMessage("late")
                    .hasNoSuppressedExceptions();
            assertThat(connection.counters().recoveries()).isZero();
        }
    }

    @Test
    void whatMayNotBeDoneTwiceIsSaidToBeMaybeDone() throws IOException {
        try (var connection = loggedIn()) {
            server.restart();
            assertThatThrownBy(() -> connection.call(Replay.AT_MOST_ONCE, channel -> Lines.ask(channel, "pay")))
                    .satisfies(e -> is(e, Code.NOT_REPEATED))
                    .satisfies(
                            e -> assertThat(((RecoveryException) e).outcome()).isEqualTo(Outcome.MAYBE_DONE))
                    .hasCauseInstanceOf(IOException.class);
            assertThat(asked).doesNotContain("pay");
            assertThat(ask(connection, "b")).isEqualTo("done b");
        }
    }

    @Test
    void whatCertainlyDidNotHappenIsDoneAlsoAtMostOnce() throws IOException {
        try (var connection = loggedIn()) {
            server.kill();
            assertThatThrownBy(() -> ask(connection, "a")).isInstanceOf(IOException.class);
            server.start();
            // It is known to be gone before anything is sent.
            assertThat(connection.<String>call(Replay.AT_MOST_ONCE, channel -> Lines.ask(channel, "pay")))
                    .isEqualTo("done pay");
        }
    }

    @Test
    void onlyIdempotentRequestsAreRepeated() throws IOException {
        try (var connection = loggedIn()) {
            for (var request : List.of("get 1", "put 1")) {
                var replay = Replay.ifIdempotent(r -> r.startsWith("get"), request);
                server.restart();
                if (request.startsWith("get")) {
                    assertThat(connection.<String>call(replay, channel -> Lines.ask(channel, request)))
                            .isEqualTo("done get 1");
                } else {
                    assertThatThrownBy(() -> connection.call(replay, channel -> Lines.ask(channel, request)))
                            .satisfies(e -> is(e, Code.NOT_REPEATED));
                }
            }
        }
    }

    @Test
    void duplicatesShareTheRecordAndAreCounted() throws IOException {
        var first = loggedIn();
        var second = first.dup();
        second.limitOverLife(2);
        server.restart();
        assertThat(ask(second, "a")).isEqualTo("done a");
        assertThat(first.counters()).isEqualTo(new Counters(0, 1, 1));
        first.suspend();
        server.restart();
        assertThatThrownBy(() -> ask(second, "b")).isInstanceOf(IOException.class);
        second.enable();
        assertThat(ask(first, "c")).isEqualTo("done c");
        first.close();
        assertThatThrownBy(() -> ask(first, "d")).satisfies(e -> is(e, Code.CLOSED));
        assertThat(ask(second, "e")).isEqualTo("done e");
        second.detach();
        assertThatThrownBy(second::dup).satisfies(e -> is(e, Code.NOT_ATTACHED));
        var channel = second.resource();
        second.close();
        second.close();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void detachingADuplicateLeavesTheOtherAware() throws IOException {
        try (var first = loggedIn();
                var second = first.dup()) {
            first.detach();
            server.restart();
            assertThatThrownBy(() -> ask(first, "a")).hasNoSuppressedExceptions();
            assertThat(ask(second, "b")).isEqualTo("done b");
        }
    }

    @Test
    void thereIsALimitOnDuplicates() throws IOException {
        try (var connection = loggedIn()) {
            for (var handles = 1; handles < Line.MOST_HANDLES; handles++) {
                connection.dup();
            }
            assertThatThrownBy(connection::dup).satisfies(e -> is(e, Code.TOO_MANY));
        }
    }

    @Test
    void aRecoveryMayLeadToAnotherPlace() throws IOException {
        try (var other = new Server(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        client -> Lines.write(client, Lines.next(client).orElse("") + " elsewhere"));
                var connection =
                        Connection.open(target, (c, _) -> c.reopen(() -> SocketChannel.open(other.address())))) {
            server.kill();
            assertThat(ask(connection, "a")).isEqualTo("a elsewhere");
        }
    }

    @Test
    void aConnectionIsOpenedAgainByHandAndKeepsItsIdentity() throws IOException {
        try (var connection = loggedIn()) {
            var old = connection.resource();
            connection.reopen();
            assertThat(old.isOpen()).isFalse();
            assertThat(ask(connection, "a")).isEqualTo("who are you?");
            server.kill();
            assertThatThrownBy(connection::reopen).isInstanceOf(IOException.class);
            server.start();
            assertThat(ask(connection, "b")).isEqualTo("done b");
        }
    }

    @Test
    void aClosedConnectionSaysSo() throws IOException {
        var connection = loggedIn();
        connection.close();
        assertThat(connection.isOpen()).isFalse();
        for (var refused : List.<Setting>of(
                () -> connection.attach(loggingIn()), () -> connection.replace(loggingIn()), connection::dup)) {
            assertThatThrownBy(refused::run).satisfies(e -> is(e, Code.CLOSED));
        }
        assertThatThrownBy(connection::reopen).satisfies(e -> is(e, Code.CLOSED));
        assertThatThrownBy(() -> ask(connection, "a")).satisfies(e -> is(e, Code.CLOSED));
    }

    @Test
    void theFirstOpeningIsNotRecovered() {
        server.kill();
        assertThatThrownBy(() -> Connection.open(target, loggingIn())).isInstanceOf(IOException.class);
    }

    @Test
    void aRecoveryThatFailsInsideIsNotRecoveredItself() throws IOException {
        var calls = new AtomicInteger();
        try (var connection = Connection.open(target, (c, failure) -> {
            calls.incrementAndGet();
            assertThatThrownBy(() -> c.call(_ -> {
                        throw new EOFException("inside");
                    }))
                    .hasMessage("inside")
                    .hasNoSuppressedExceptions();
            throw failure;
        })) {
            server.kill();
            assertThatThrownBy(() -> ask(connection, "a")).isInstanceOf(IOException.class);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void aRecoveryMayUseAnotherConnectionThatIsRecoveredToo() throws IOException {
        try (var directory = loggedIn();
                var connection = Connection.open(target, (c, _) -> {
                    assertThat(ask(directory, "where?")).isEqualTo("done where?");
                    c.reopen();
                })) {
            server.restart();
            assertThat(ask(connection, "a")).isEqualTo("who are you?");
            assertThat(directory.counters().succeeded()).isEqualTo(1);
            assertThat(connection.counters().succeeded()).isEqualTo(1);
        }
    }

    @Test
    void functionsThatNeedEachOthersConnectionWaitForEachOtherNoLongerThanTheirPatience() throws Exception {
        var both = new CountDownLatch(2);
        var impatient = target.patience(Duration.ofMillis(1));
        var other = new AtomicReference<Connection<SocketChannel>>();
        try (var first = Connection.open(impatient, (c, _) -> askingFirst(both, other.get(), c));
                var second = Connection.open(impatient, (c, _) -> askingFirst(both, first, c));
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            other.set(second);
            server.restart();
            var results = List.of(pool.submit(() -> ask(first, "a")), pool.submit(() -> ask(second, "b")));
            for (var result : results) {
                assertThatThrownBy(result::get).hasCauseInstanceOf(IOException.class);
            }
            assertThat(results.stream()
                            .flatMap(result -> Stream.of(result.exceptionNow().getSuppressed())))
                    .anySatisfy(e -> is(e, Code.BUSY));
        }
    }

    private static void askingFirst(
            CountDownLatch both, Connection<SocketChannel> other, Connection<SocketChannel> connection)
            throws IOException {
        both.countDown();
        uninterrupted(both);
        ask(other, "where?");
        connection.reopen();
    }

    @Test
    void ofManyThreadsThatFailAtOnceOneRecovers() throws Exception {
        var threads = 8;
        var together = new CyclicBarrier(threads);
        try (var connection = Connection.open(target, Recovery.reopening());
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new CopyOnWriteArrayList<Future<Long>>();
            for (var thread = 0; thread < threads; thread++) {
                results.add(pool.submit(() -> {
                    var first = new AtomicInteger();
                    return connection.call(channel -> {
                        if (first.getAndIncrement() == 0) {
                            meet(together);
                            throw new EOFException("lost for all");
                        }
                        return connection.generation();
                    });
                }));
            }
            for (var result : results) {
                assertThat(result.get()).isEqualTo(2);
            }
            assertThat(connection.counters()).isEqualTo(new Counters(0, 1, 1));
        }
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void otherThreadsWaitUntilEverythingIsRebuilt() throws Exception {
        var reopened = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor();
                var connection = Connection.open(target, (c, _) -> {
                    c.reopen();
                    reopened.countDown();
                    uninterrupted(go);
                    c.call(channel -> Lines.ask(channel, "login"));
                })) {
            server.restart();
            var recovering = pool.submit(() -> ask(connection, "a"));
            reopened.await();
            var waiting = pool.submit(() -> ask(connection, "b"));
            go.countDown();
            assertThat(recovering.get()).isEqualTo("done a");
            assertThat(waiting.get()).isEqualTo("done b");
        }
    }

    static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void patienceWithAnotherThreadsRecoveryEnds() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor();
                var connection = Connection.open(target.patience(Duration.ofMillis(1)), (c, _) -> {
                    begun.countDown();
                    uninterrupted(go);
                    c.reopen();
                })) {
            server.restart();
            var recovering = pool.submit(() -> ask(connection, "a"));
            begun.await();
            assertThatThrownBy(() -> ask(connection, "b")).satisfies(e -> is(e, Code.BUSY));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> ask(connection, "c")).satisfies(e -> is(e, Code.INTERRUPTED));
            assertThat(Thread.interrupted()).isTrue();
            go.countDown();
            assertThat(recovering.get()).isEqualTo("who are you?");
        }
    }

    @Test
    void anInterruptedThreadRecoversNothing() throws IOException {
        try (var connection = loggedIn()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> ask(connection, "a")).isInstanceOf(ClosedChannelException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(connection.counters().recoveries()).isZero();
            // The interruption has closed the channel: for the next one it is lost.
            assertThat(ask(connection, "b")).isEqualTo("done b");
        }
    }

    @Test
    void closingEndsARecoveryAndLeavesNothingOpen() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var opened = new CopyOnWriteArrayList<SocketChannel>();
        Target<SocketChannel> kept = Target.of(
                "server",
                () -> {
                    var channel = SocketChannel.open(server.address());
                    opened.add(channel);
                    return channel;
                },
                Losses.ofSockets());
        var connection = Connection.open(kept, (c, _) -> {
            begun.countDown();
            uninterrupted(go);
            c.reopen();
        });
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            server.restart();
            var recovering = pool.submit(() -> ask(connection, "a"));
            begun.await();
            connection.close();
            go.countDown();
            assertThatThrownBy(recovering::get).hasCauseInstanceOf(IOException.class);
            assertThat(opened)
                    .allSatisfy(channel -> assertThat(channel.isOpen()).isFalse());
        }
    }

    @Test
    void aPatienceOutOfRangeIsRefused() {
        for (var patience : List.of(Duration.ZERO, Duration.ofDays(2))) {
            assertThatThrownBy(() -> target.patience(patience)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void is(Throwable failure, Code code) {
        assertThat(failure).isInstanceOf(RecoveryException.class);
        assertThat(((RecoveryException) failure).code()).isEqualTo(code);
    }

    private static void suppresses(Throwable failure, Code code) {
        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(failure.getSuppressed()).hasSize(1);
        is(failure.getSuppressed()[0], code);
    }
}
