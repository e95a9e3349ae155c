package org.ham.itests.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.ham.recovery.Protocols;
import org.ham.recovery.RecoveringSocketFactory;
import org.ham.recovery.Recovery;
import org.ham.recovery.RecoveryEvent;
import org.ham.recovery.RecoveryException;
import org.ham.recovery.Replay;
import org.ham.recovery.RetryPolicy;
import org.ham.recovery.SocketPolicy;
import org.ham.recovery.Target;
import org.ham.recovery.ham.EntityRetry;

/**
 * Eight threads that use a ledger through the recovery library: three with a TCP socket of a covering factory each, three with a unix
 * channel each, two with duplicates of one. Each asks for squares and adds ids, by turns at most once and at least once. Thread-safe.
 */
final class LedgerUsers implements AutoCloseable {
    private static final int SOCKETS = 3;
    private static final int CHANNELS = 3;

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
    private final InetSocketAddress address;
    private final List<Closeable> opened = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /** Every second connection waits for HAM's word. */
    LedgerUsers(String name, Path socket, int port, Ham ham) {
        this.name = name;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.driven = new EntityRetry(ham, "ledger", POLICY);
        this.target = Target.of(
                        "ledger", () -> SocketChannel.open(UnixDomainSocketAddress.of(socket)), Losses.ofSockets())
                .patience(LONG);
    }

    /** Asks the ledger something and has its answer. */
    private interface Asker {
        String ask(Replay replay, String line) throws IOException;
    }

    void start() throws IOException {
        for (var number = 0; number < SOCKETS; number++) {
            use(overSocket(number % 2 == 0 ? POLICY : driven));
        }
        for (var number = 0; number < CHANNELS; number++) {
            use(overChannel(open(number % 2 == 0 ? POLICY : driven)));
        }
        var shared = open(POLICY);
        var duplicate = shared.dup();
        opened.add(duplicate);
        // What is shared is used by one at a time, as the protocol wants it.
        for (var connection : List.of(shared, duplicate)) {
            use((replay, line) -> connection.call(replay, channel -> {
                synchronized (target) {
                    return ask(channel, line);
                }
            }));
        }
        threads.forEach(Thread::start);
    }

    private Connection<SocketChannel> open(RetryPolicy policy) throws IOException {
        var connection = Connection.open(target, Recovery.retrying(policy, LedgerUsers::login));
        opened.add(connection);
        connection.call(channel -> ask(channel, "login"));
        connection.listen(this::seen);
        return connection;
    }

    private static Asker overChannel(Connection<SocketChannel> connection) {
        return (replay, line) -> connection.call(replay, channel -> ask(channel, line));
    }

    /** As a client that knows nothing of recovery would use it: what may be repeated, the factory sees by the line. */
    private Asker overSocket(RetryPolicy policy) throws IOException {
        var protocol = Protocols.lines(line -> !line.startsWith("add ")).login((in, out) -> ask(in, out, "login"));
        var factory = new RecoveringSocketFactory(
                SocketPolicy.of(protocol, Recovery.retrying(policy)).patience(LONG));
        var socket = factory.createSocket(address.getAddress(), address.getPort());
        opened.add(socket);
        ask(socket.getInputStream(), socket.getOutputStream(), "login");
        RecoveringSocketFactory.connection(socket).orElseThrow().listen(this::seen);
        return (_, line) -> ask(socket.getInputStream(), socket.getOutputStream(), line);
    }

    private void use(Asker asker) {
        var user = name + threads.size();
        threads.add(Thread.ofPlatform().name("user-" + user).unstarted(() -> use(user, asker)));
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

    private void use(String user, Asker asker) {
        for (var number = 0; !over; number++) {
            try {
                switch (number % 3) {
                    case 0 -> square(asker, number);
                    case 1 -> addOnce(asker, user + "-" + number);
                    default -> add(asker, user + "-" + number);
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                outsidePolicy.add(e);
            }
        }
    }

    private void square(Asker asker, long number) throws IOException {
        call(Replay.AT_LEAST_ONCE, asker, "square " + number, String.valueOf(number * number));
    }

    private void addOnce(Asker asker, String id) throws IOException {
        try {
            call(Replay.AT_MOST_ONCE, asker, "add " + id, "added " + id);
            once.add(id);
        } catch (RecoveryException e) {
            if (e.code() != RecoveryException.Code.NOT_REPEATED) {
                throw e;
            }
            perhaps.add(id);
        }
    }

    private void add(Asker asker, String id) throws IOException {
        call(Replay.AT_LEAST_ONCE, asker, "put " + id, "added " + id);
        atLeastOnce.add(id);
    }

    private void call(Replay replay, Asker asker, String line, String expected) throws IOException {
        var answer = asker.ask(replay, line);
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

    private static String ask(InputStream in, OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(UTF_8));
        var answer = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the ledger ended the connection");
            }
            answer.append((char) next);
        }
        return answer.toString();
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
        for (var connection : opened) {
            connection.close();
        }
    }
}
