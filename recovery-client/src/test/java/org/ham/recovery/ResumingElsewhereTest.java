package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A stream whose recovery function finds a place and then a better one. */
class ResumingElsewhereTest {
    private final Ledger ledger = new Ledger();
    private final ResumingServer resuming = new ResumingServer(ledger);
    private final List<SocketChannel> agreed = Collections.synchronizedList(new ArrayList<>());

    @Test
    void eachPlaceIsAgreedOnOnceWhoeverComesFirst() throws Exception {
        try (var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), resuming::serve);
                var pool = Executors.newVirtualThreadPerTaskExecutor();
                var stream = ResumingChannel.open(
                        Target.of("server", () -> SocketChannel.open(server.address()), Losses.ofSockets()),
                        (channel, received) -> {
                            agreed.add(channel);
                            return ResumingServer.shake(channel, received);
                        },
                        1024,
                        (connection, _) -> {
                            connection.reopen();
                            connection.reopen(() -> SocketChannel.open(server.address()));
                        })) {
            assertThat(Lines.ask(stream, "a")).isEqualTo("done: a");
            for (var again = 1; again <= 20; again++) {
                var request = "b" + again;
                server.restart();
                var answer = pool.submit(() -> Lines.next(stream));
                Lines.write(stream, request);
                assertThat(answer.get()).hasValue("done: " + request);
            }
            assertThat(ledger.done()).hasSize(21).doesNotHaveDuplicates();
            assertThat(agreed).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(40);
        }
    }
}
