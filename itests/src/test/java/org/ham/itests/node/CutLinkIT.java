package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Raise;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two HAMs in two network namespaces, and the cable between them is cut. Needs root; run by the profile {@code real}. */
@Tag("real")
@Timeout(600)
class CutLinkIT {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofSeconds(10);

    @RegisterExtension
    static final Pki PKI = new Pki().authority("ca").node("alpha", "ca").node("beta", "ca");

    // The first to come is the last to go: what is left of the HAMs is in the namespaces.
    @Order(1)
    @RegisterExtension
    final Network network = new Network();

    @RegisterExtension
    final HamInstance alpha = new HamInstance();

    @RegisterExtension
    final HamInstance beta = new HamInstance();

    private void startBoth(Duration silence) {
        PKI.give(
                        beta.inside(network.inSecond()),
                        "beta",
                        "ca",
                        "listen: 0.0.0.0:4260\nsilence: " + silence.toSeconds() + "s\nknown: {alpha: {rights: all}}")
                .start();
        PKI.give(
                        alpha.inside(network.inFirst()),
                        "alpha",
                        "ca",
                        "silence: " + silence.toSeconds() + "s\nknown: {beta: {address: \"" + Network.SECOND_ADDRESS
                                + ":4260\"}}")
                .start();
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> Files.exists(alpha.runDir.resolve("nodes/beta.sock"))
                        && Files.exists(beta.runDir.resolve("nodes/listen")));
    }

    private Ham far(Duration within) {
        return HamClient.connect(
                ClientSettings.of(alpha.runDir).node("beta").within(within).connectWithin(within));
    }

    private static CompletableFuture<Void> raise(Ham far, int severity) {
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            try {
                far.raise(EntityHandle.of("web"), new Raise(1, 1, severity));
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private List<Integer> severities() {
        return beta.events("raise").stream()
                .map(event -> event.getAsJsonObject("data").get("severity").getAsInt())
                .toList();
    }

    private static void hasNoGap(List<Event> seen) {
        assertThat(seen.stream().mapToLong(Event::seq).toArray())
                .isEqualTo(LongStream.rangeClosed(
                                seen.getFirst().seq(), seen.getLast().seq())
                        .toArray());
    }

    private static void awaitRaises(List<Event> seen, int count) {
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> seen.stream()
                                .filter(event -> event.type().equals("raise"))
                                .count()
                        == count);
    }

    @Test
    void aCallGoesOnWhenTheCableIsMendedAndNoLineIsMissed() {
        startBoth(SOON);
        var seen = new CopyOnWriteArrayList<Event>();
        try (var far = far(HamInstance.PATIENCE)) {
            far.subscribe(0, seen::add, _ -> {});
            far.attach(EntitySpec.placeholder("web"));
            network.cut();
            var raising = raise(far, 1);
            beta.ok("raise", "web", "1", "1", "2");
            // Both ends have noticed: nobody is connected there any more, and the way there leads nowhere.
            alpha.refused(3, "node beta at " + Network.SECOND_ADDRESS + ":4260", "--node", "beta", "tree");
            assertThat(raising).isNotDone();
            beta.ok("raise", "web", "1", "1", "3");
            network.mend();
            raising.join();
            far.raise(EntityHandle.of("web"), new Raise(1, 1, 4));
            awaitRaises(seen, 4);
            hasNoGap(seen);
        }
        assertThat(severities()).as("each once").containsExactly(2, 3, 1, 4);
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainAndTheCallCarriedOutOnce() {
        // What is asked is on its way long before the link is given up.
        startBoth(LATE);
        var seen = new CopyOnWriteArrayList<Event>();
        try (var far = far(HamInstance.PATIENCE)) {
            far.subscribe(0, seen::add, _ -> {});
            far.attach(EntitySpec.placeholder("web"));
            network.cutAnswers();
            var raising = raise(far, 1);
            Awaitility.await("carried out")
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> severities().equals(List.of(1)));
            // The link is given up meanwhile.
            Stall.pass(LATE.plus(SOON));
            assertThat(raising).as("but nobody knows here").isNotDone();
            network.mendAnswers();
            raising.join();
            awaitRaises(seen, 1);
            hasNoGap(seen);
        }
        assertThat(severities()).containsExactly(1);
    }

    @Test
    void aCallThatCannotBeFinishedSaysWhatCameOfIt() {
        startBoth(SOON);
        try (var far = far(Duration.ofSeconds(20))) {
            far.attach(EntitySpec.placeholder("web"));
            network.cut();
            var code = code(raise(far, 1));
            assertThat(code).as("it was sent, or could not be").isIn(Code.TIMED_OUT, Code.NOT_CONNECTED);
            assertThat(code(raise(far, 2))).as("the link is known to be lost").isEqualTo(Code.NOT_CONNECTED);
            network.mend();
            Awaitility.await()
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> far.status().hamPid() > 0);
        }
        assertThat(severities()).isEmpty();
        assertThatThrownBy(() -> {
                    network.cut();
                    // Longer than it takes until the link is known to be lost: before that it just ends.
                    far(Duration.ofSeconds(20)).close();
                })
                .isInstanceOf(HamException.class)
                .hasMessageContaining("node beta at " + Network.SECOND_ADDRESS);
    }

    private static Code code(CompletableFuture<Void> call) {
        return call.handle((_, e) -> ((HamException) e).code()).join();
    }
}
