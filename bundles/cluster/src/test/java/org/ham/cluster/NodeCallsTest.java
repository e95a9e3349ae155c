package org.ham.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.cluster.TwoNodes.may;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.NodeRights;
import org.ham.api.Pulse;
import org.ham.spi.Nodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class NodeCallsTest {
    private static final String DONE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

    @RegisterExtension
    final TwoNodes nodes = new TwoNodes();

    private static Code code(Throwable e) {
        return ((HamException) e).code();
    }

    @Test
    void aSignalIsAskedForUnderItsId() throws Exception {
        nodes.control.answers(_ -> DONE);
        var alpha = nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.NOTIFY)));
        alpha.signal("beta", 4711, new Nodes.Signal("SIGUSR1", Optional.of(3), false), "inv-1");
        assertThat(nodes.control.heard)
                .contains(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"signal\",\"params\":{\"pid\":4711,\"signal\":\"SIGUSR1\","
                                + "\"value\":3,\"group\":false,\"request\":\"inv-1\"}}");
    }

    @Test
    void aPulseBringsItsEvent() throws Exception {
        nodes.control.answers(_ -> DONE);
        var alpha = nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.NOTIFY)));
        var death = new Event(
                12,
                1,
                Instant.EPOCH,
                3,
                "death",
                Optional.of("web"),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(100),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of());
        alpha.pulse("beta", 4711, 2, new Pulse(7, 8, "inv-2", HamPath.parse("web/died/tell"), death));
        assertThat(nodes.control.heard)
                .anySatisfy(line -> assertThat(line)
                        .contains("\"method\":\"pulse\"")
                        .contains("\"pid\":4711,\"channel\":2")
                        .contains("\"type\":\"death\"")
                        .contains("\"request\":\"inv-2\""));
    }

    @Test
    void aRefusalIsTheOtherNodes() {
        nodes.control.answers(_ -> "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":2,\"message\":\"no process 5\","
                + "\"data\":{\"errno\":\"ENOENT\"}}}");
        var alpha = nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.NOTIFY)));
        assertThatThrownBy(() -> alpha.signal("beta", 5, new Nodes.Signal("SIGUSR1", Optional.empty(), false), "i"))
                .hasMessage("no process 5")
                .satisfies(e -> assertThat(code(e)).isEqualTo(Code.NOT_FOUND));
    }

    @Test
    void whatWasLostOnTheWayIsAskedAgainUnderTheSameId() throws Exception {
        var asked = new AtomicInteger();
        nodes.control.answers(_ -> asked.incrementAndGet() == 1 ? "" : DONE);
        var alpha = nodes.alpha("beta", nodes.beta(may("alpha", NodeRights.NOTIFY)));
        alpha.signal("beta", 5, new Nodes.Signal("SIGUSR1", Optional.empty(), false), "inv-3");
        assertThat(nodes.control.heard.stream().filter(line -> line.contains("inv-3")))
                .hasSize(2);
    }

    @Test
    void aNodeThatNobodyNamedIsRefused() {
        var alpha = nodes.alpha("beta", new Address("127.0.0.1", 1));
        assertThatThrownBy(() -> alpha.signal("gamma", 5, new Nodes.Signal("SIGUSR1", Optional.empty(), false), "i"))
                .hasMessage("no node 'gamma' with an address; known are: beta")
                .satisfies(e -> assertThat(code(e)).isEqualTo(Code.NOT_FOUND));
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        var alpha = nodes.alpha("beta", new Address("127.0.0.1", 1));
        var interrupted = new java.util.concurrent.CompletableFuture<Boolean>();
        var asking = Thread.ofVirtual().start(() -> {
            try {
                alpha.signal("beta", 5, new Nodes.Signal("SIGUSR1", Optional.empty(), false), "i");
                interrupted.complete(false);
            } catch (InterruptedException _) {
                interrupted.complete(true);
            }
        });
        asking.interrupt();
        assertThat(interrupted.get()).isTrue();
    }
}
