package org.ham.action.notify.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.spi.Invocation;
import org.ham.spi.Nodes;
import org.ham.spi.Outcome;
import org.junit.jupiter.api.Test;

class NotifyPulseTest {
    private record Sent(long pid, int channel, Pulse pulse) {}

    private final List<Sent> sent = new ArrayList<>();
    private final NotifyPulse action = new NotifyPulse(Duration.ofMillis(1));

    private static final Event DEATH = new Event(
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

    private Outcome run(Parameters parameters, Optional<ProcessId> process) throws InterruptedException {
        return action.run(
                new Invocation<>("id-1", HamPath.parse("web/died/tell"), "web", process, DEATH, 0, parameters));
    }

    private void deliver() {
        action.bindPulses((pid, channel, pulse, _) -> sent.add(new Sent(pid, channel, pulse)));
    }

    private static Parameters to(long pid, int channel, int code, int value) {
        return new Parameters(Optional.of(pid), Optional.of(channel), Optional.of(code), Optional.of(value));
    }

    private static Parameters nothing() {
        return new Parameters(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void thePulseCarriesCodeValueAndItsEvent() throws InterruptedException {
        deliver();
        assertThat(run(to(4711, 3, 7, -1), Optional.empty()))
                .isEqualTo(Outcome.done("sent pulse 7 to channel 3 of process 4711"));
        assertThat(sent)
                .containsExactly(new Sent(4711, 3, new Pulse(7, -1, "id-1", HamPath.parse("web/died/tell"), DEATH)));
    }

    @Test
    void withoutPidAndChannelTheEntityIsNotifiedOnItsFirst() throws InterruptedException {
        deliver();
        assertThat(run(nothing(), Optional.of(new ProcessId(99, 1, 2, "boot"))).ok())
                .isTrue();
        assertThat(sent).singleElement().satisfies(one -> {
            assertThat(one.pid()).isEqualTo(99);
            assertThat(one.channel()).isEqualTo(1);
        });
        assertThat(run(nothing(), Optional.empty()).detail()).contains("entity 'web' has no process");
    }

    @Test
    void itFailsWhenTheTargetIsGone() throws InterruptedException {
        action.bindPulses((_, _, _, _) -> {
            throw new HamException(Code.NOT_FOUND, "there is no process 5");
        });
        var outcome = run(to(5, 1, 1, 1), Optional.empty());
        assertThat(outcome.ok()).isFalse();
        assertThat(outcome.detail()).isEqualTo("no pulse sent to channel 1 of process 5: there is no process 5");
    }

    @Test
    void itFailsWhileNobodyDelivers() throws InterruptedException {
        assertThat(run(to(5, 1, 1, 1), Optional.empty()).ok()).isFalse();
        org.ham.spi.Pulses first = (_, _, _, _) -> {};
        deliver();
        action.unbindPulses(first);
        assertThat(run(to(5, 1, 1, 1), Optional.empty()).ok()).isTrue();
    }

    @Test
    void itWaitsForSomebodyWhoDeliversBecauseACoreThatTookOverIsQuicker() {
        var patient = new NotifyPulse(Duration.ofSeconds(30));
        var running = CompletableFuture.supplyAsync(() -> {
            try {
                return patient.run(new Invocation<>(
                        "id-1", HamPath.parse("web/died/tell"), "web", Optional.empty(), DEATH, 0, to(5, 1, 1, 1)));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        patient.bindPulses((_, _, _, _) -> {});
        assertThat(running.join().ok()).isTrue();
    }

    @Test
    void aProgramOnAnotherNodeIsToldByTheHamThere() throws InterruptedException {
        var elsewhere =
                new Parameters(Optional.of(12L), Optional.of(2), Optional.of(7), Optional.empty(), Optional.of("beta"));
        assertThat(run(elsewhere, Optional.empty()).detail())
                .isEqualTo(
                        "no pulse sent to channel 2 of process 12 on node 'beta': the bundle for nodes is not there");
        var told = new ArrayList<String>();
        action.bindNodes(new Nodes() {
            @Override
            public void pulse(String node, long pid, int channel, Pulse pulse) {
                told.add(node + " " + pid + " " + channel + " " + pulse.code() + " " + pulse.id());
            }

            @Override
            public void signal(String node, long pid, Signal signal, String request) {
                throw new UnsupportedOperationException();
            }
        });
        assertThat(run(elsewhere, Optional.empty()))
                .isEqualTo(Outcome.done("sent pulse 7 to channel 2 of process 12 on node 'beta'"));
        assertThat(told).containsExactly("beta 12 2 7 id-1");
        assertThat(sent).isEmpty();
    }

    @Test
    void impossibleTargetsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Parameters(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("beta")))
                .withMessage("pid: missing; which process of node 'beta'?");
        assertThatIllegalArgumentException().isThrownBy(() -> to(0, 1, 1, 1)).withMessageStartingWith("pid:");
        assertThatIllegalArgumentException().isThrownBy(() -> to(1, 0, 1, 1)).withMessageStartingWith("channel:");
    }
}
