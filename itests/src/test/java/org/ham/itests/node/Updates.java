package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.ham.spi.HeldSocket;

/** Updates bundles in a running HAM, as an operator does it, under a load. Confined to the test's thread. */
final class Updates {
    private static final Duration OFTEN = Duration.ofMillis(20);

    /** Gogo's {@code refresh} comes back before it has begun, and what is asked just then is not answered. */
    private static final Duration REFRESH_BEGINS = Duration.ofMillis(300);

    private final HamInstance ham;
    private final Load load;
    private final NewVersions versions;
    private final GogoLine gogo;
    private final Components components;
    private final Map<String, List<String>> states;
    private final List<Long> sockets;
    private final Map<String, List<Long>> took = new LinkedHashMap<>();

    /** Over a HAM that is whole, which it is to be after each update. */
    Updates(HamInstance ham, Load load, NewVersions versions) {
        this.ham = ham;
        this.load = load;
        this.versions = versions;
        gogo = new GogoLine(ham);
        components = new Components(ham);
        states = components.states();
        sockets = sockets();
        assertThat(sockets).doesNotContain(0L);
        assertThat(states.values())
                .as("components: " + states)
                .isNotEmpty()
                .allMatch(each -> each.stream().allMatch(state -> state.equals("ACTIVE")));
    }

    /** The bundle gets a version that is higher by so much; over when all is there again, and one that died after that is back. */
    void update(String name, int higher) {
        var jar = versions.build(name, higher);
        var old = components.bundles().get(name);
        if (old == null) {
            throw new AssertionError("no bundle " + name);
        }
        // What refreshes the others by itself is a component too, and ends with those who run components.
        var refresh = name.equals("org.apache.felix.scr") ? "; refresh " + old.id() : "";
        var from = System.nanoTime();
        load.during(name);
        gogo.run("update " + old.id() + " file:" + jar + refresh);
        Awaitility.await("all bundles run after the update of " + name)
                .atMost(HamInstance.PATIENCE)
                .pollDelay(refresh.isEmpty() ? Duration.ZERO : REFRESH_BEGINS)
                .pollInterval(OFTEN)
                .untilAsserted(() -> {
                    var bundles = components.bundles();
                    assertThat(bundles.values()).allMatch(each -> each.state().equals("Active"));
                    assertThat(bundles)
                            .hasEntrySatisfying(
                                    name, each -> assertThat(each.version()).isEqualTo(versions.version(name, higher)));
                    // A new component runtime does not tell the instances in this list.
                    var now = components.states();
                    assertThat(now.keySet()).isEqualTo(states.keySet());
                    assertThat(now.values()).allMatch(each -> each.stream().allMatch(state -> state.equals("ACTIVE")));
                });
        took.computeIfAbsent(name, _ -> new ArrayList<>()).add((System.nanoTime() - from) / 1_000_000);
        load.awaitRecovery();
        load.during("nothing");
        // Those who come meanwhile wait in them, and the Guardian holds the right ones.
        assertThat(sockets()).as("sockets after the update of " + name).isEqualTo(sockets);
    }

    private List<Long> sockets() {
        return List.of(
                HeldSocket.inode(ham.runDir.resolve("control.sock")),
                HeldSocket.inode(ham.runDir.resolve("notify.sock")));
    }

    /** Prints how long the updates took until all was there again. */
    void print() {
        took.forEach((name, all) -> {
            var sorted = all.stream().sorted().toList();
            System.out.printf(
                    "update of %-45s %d times: took median %5d ms, p99 %5d ms, longest %5d ms%n",
                    name,
                    sorted.size(),
                    sorted.get(sorted.size() / 2),
                    sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)),
                    sorted.getLast());
        });
    }
}
