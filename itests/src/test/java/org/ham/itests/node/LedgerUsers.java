package org.ham.itests.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.ham.api.Ham;
import org.ham.recovery.Backoff;
import org.ham.recovery.Connection;
import org.ham.recovery.Losses;
import org.ham.recovery.Recovery;
import org.ham.recovery.RecoveryEvent;
import org.ham.recovery.RecoveryException;
import org.ham.recovery.Replay;
import org.ham.recovery.RetryPolicy;
import org.ham.recovery.Target;
import org.ham.recovery.ham.EntityRetry;

/**
 * Eight threads that use a ledger through the recovery library: six with a connection each, two with duplicates of one. Each asks
 * for squares and adds ids, by turns at most once and at least once. Thread-safe.
 */
final class LedgerUsers implements AutoCloseable {
    static final int THREADS = 8;

    /** What may take longest is a start of the server on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(3);

    private static final Backoff POLICY =
            new Backoff(Duration.ofMillis(2), Duration.ofMillis(50), 2, 0.5, -1, LONG.minusMinutes(1));

    /** What was added at most once and was answered. */
    final Set<String> once = ConcurrentHashMap.newKeySet();

    /** What was added at most once and may have been carried out. */
    final Set<String> perhaps = ConcurrentHashMap.newKeySet();

    /** What was added at least once and was answered. */
    final Set<String> atLeastOnce = ConcurrentHashMap.newKeySet();

    /** What should never happen. */
    final Queue<Throwable> outsidePolicy = new ConcurrentLinkedQueue<>();

    /** How long the connections were away, each time, in milliseconds. */
    final Queue<Long> away = new ConcurrentLinkedQueue<>();

    /** Each process of the server, once it has answered. */
    final BlockingQueue<Long> servers = new LinkedBlockingQueue<>();

    /** A permit for each answer. */
    final Semaphore answers = new Semaphore(0);

    private final AtomicLong server = new AtomicLong();
    private final String name;
    private final RetryPolicy driven;
    private final Target<SocketChannel> target;
    private final List<Connection<SocketChannel>> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /** Every second connection waits for HAM's word. */
    LedgerUsers(String name, Path socket, Ham ham) {
        this.name = name;
        this.driven = new EntityRetry(ham, "ledger", POLICY);
        this.target = Target.of(
                        "ledger", () -> SocketChannel.open(UnixDomainSocketAddress.of(socket)), Losses.ofSockets())
                .patience(LONG);
    }

    void start() throws IOException {
        for (var thread = 0; thread < THREADS - 1; thread++) {
            var policy = thread % 2 == 0 ? POLICY : driven;
            var connection = Connection.open(target, Recovery.retrying(policy, LedgerUsers::login));
            connection.call(channel -> ask(channel, "login"));
            connection.listen(this::seen);
            connections.add(connection);
        }
        connections.add(connections.getLast().dup());
        for (var thread = 0; thread < THREADS; thread++) {
            var user = name + thread;
            var connection = connections.get(thread);
            // What is shared is used by one at a time, as the protocol wants it.
            var turn = thread < THREADS - 2 ? new Object() : target;
            threads.add(Thread.ofPlatform().name("user-" + user).start(() -> use(user, connection, turn)));
        }
    }

    private static void login(Connection<SocketChannel> connection, IOException failure) throws IOException {
        connection.reopen();
        connection.call(channel -> ask(channel, "login"));
    }

    private void seen(RecoveryEvent event) {
        if (event.kind() == RecoveryEvent.Kind.RECOVERED) {
            away.add(event.away().toMillis());
        }
    }

    private void use(String user, Connection<SocketChannel> connection, Object turn) {
        for (var number = 0; !over; number++) {
            try {
                switch (number % 3) {
                    case 0 -> square(connection, turn, number);
                    case 1 -> addOnce(connection, turn, user + "-" + number);
                    default -> add(connection, turn, user + "-" + number);
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                outsidePolicy.add(e);
            }
        }
    }

    private void square(Connection<SocketChannel> connection, Object turn, long number) throws IOException {
        call(Replay.AT_LEAST_ONCE, connection, turn, "square " + number, String.valueOf(number * number));
    }

    private void addOnce(Connection<SocketChannel> connection, Object turn, String id) throws IOException {
        try {
            call(Replay.AT_MOST_ONCE, connection, turn, "add " + id, "added " + id);
            once.add(id);
        } catch (RecoveryException e) {
            if (e.code() != RecoveryException.Code.NOT_REPEATED) {
                throw e;
            }
            perhaps.add(id);
        }
    }

    private void add(Connection<SocketChannel> connection, Object turn, String id) throws IOException {
        call(Replay.AT_LEAST_ONCE, connection, turn, "add " + id, "added " + id);
        atLeastOnce.add(id);
    }

    private void call(Replay replay, Connection<SocketChannel> connection, Object turn, String line, String expected)
            throws IOException {
        var answer = connection.<String>call(replay, channel -> {
            synchronized (turn) {
                return ask(channel, line);
            }
        });
        var end = answer.lastIndexOf(' ');
        if (!answer.substring(0, end).equals(expected)) {
            throw new AssertionError(line + " was answered " + answer);
        }
        var pid = Long.parseLong(answer.substring(end + 1));
        if (server.getAndSet(pid) != pid) {
            servers.add(pid);
        }
        answers.release();
    }

    private static String ask(SocketChannel channel, String line) throws IOException {
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        var answer = ByteBuffer.allocate(256);
        while (answer.position() == 0 || answer.get(answer.position() - 1) != '\n') {
            if (channel.read(answer) < 0) {
                throw new EOFException("the ledger ended the connection");
            }
        }
        return UTF_8.decode(answer.flip().limit(answer.limit() - 1)).toString();
    }

    /** Ends the threads after what they are at, and closes the connections. */
    @Override
    public void close() throws IOException {
        over = true;
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (var connection : connections) {
            connection.close();
        }
    }
}
