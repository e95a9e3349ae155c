package org.ham.action.notify.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.linux.ExitStatus;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.linux.Spawn;
import org.ham.spi.Invocation;
import org.ham.spi.Nodes;
import org.ham.spi.Outcome;
import org.junit.jupiter.api.Test;

class NotifySignalTest {
    private static final ProcessId ENTITY = new ProcessId(4711, 99, 7, "boot");

    private final List<String> sent = new ArrayList<>();
    private final NotifySignal action = new NotifySignal(new OneProcess(), new Recorder(), Duration.ofMillis(1));

    @Test
    void signalsExactlyTheEntitysProcess() {
        var outcome = run(parameters("SIGUSR1"), Optional.of(ENTITY));

        assertThat(outcome).isEqualTo(Outcome.done("sent SIGUSR1 to process 4711"));
        assertThat(sent).containsExactly("10 to ProcessRef[pid=4711, startTime=99, inode=7, bootId=boot]");
    }

    @Test
    void identifiesAFixedPidWhenItRuns() {
        var asked = new Parameters("15", Optional.of(12L), Optional.empty(), Optional.empty());

        assertThat(run(asked, Optional.of(ENTITY)).detail()).isEqualTo("sent SIGTERM to process 12");
        assertThat(sent).containsExactly("15 to ProcessRef[pid=12, startTime=1, inode=1, bootId=boot]");
    }

    @Test
    void sendsAValueAlong() {
        run(new Parameters("SIGRTMIN+3", Optional.empty(), Optional.of(-5), Optional.empty()), Optional.of(ENTITY));

        assertThat(sent).containsExactly("37 with -5 to 4711");
    }

    @Test
    void signalsTheWholeGroup() {
        var asked = new Parameters("KILL", Optional.empty(), Optional.empty(), Optional.of(true));

        assertThat(run(asked, Optional.of(ENTITY)).detail()).isEqualTo("sent SIGKILL to the group of process 4711");
        assertThat(sent).containsExactly("9 to group 4711");
    }

    @Test
    void failsWhenTheEntityHasNoProcess() {
        assertThat(run(parameters("USR2"), Optional.empty()))
                .isEqualTo(Outcome.failed("SIGUSR2 not sent: entity 'web' has no process"));
        assertThat(sent).isEmpty();
    }

    @Test
    void failsWhenTheTargetIsGone() {
        var asked = new Parameters("HUP", Optional.of(13L), Optional.empty(), Optional.empty());
        var gone = run(parameters("HUP"), Optional.of(new ProcessId(13, 1, 1, "boot")));

        assertThat(gone).isEqualTo(Outcome.failed("SIGHUP not sent to process 13: gone"));
        assertThat(run(asked, Optional.of(ENTITY))).isEqualTo(Outcome.failed("SIGHUP not sent to process 13: gone"));
    }

    private static Parameters elsewhere(String signal) {
        return new Parameters(signal, Optional.of(12L), Optional.of(3), Optional.empty(), Optional.of("beta"));
    }

    @Test
    void aProcessOnAnotherNodeIsSignalledByTheHamThere() {
        action.bindNodes(new ToNodes());

        assertThat(run(elsewhere("usr1"), Optional.of(ENTITY)))
                .isEqualTo(Outcome.done("sent SIGUSR1 to process 12 on node 'beta'"));
        assertThat(sent).containsExactly("Signal[name=SIGUSR1, value=Optional[3], group=false] to 12 on beta for id");
    }

    @Test
    void failsWhenTheOtherNodeRefusesOrNobodyGoesThere() {
        assertThat(run(elsewhere("USR1"), Optional.of(ENTITY)))
                .isEqualTo(Outcome.failed(
                        "SIGUSR1 not sent to process 12 on node 'beta': the bundle for nodes is not there"));
        action.bindNodes(new ToNodes());
        assertThat(run(elsewhere("HUP"), Optional.of(ENTITY)))
                .isEqualTo(Outcome.failed("SIGHUP not sent to process 12 on node 'beta': no"));
    }

    /** The way to other nodes, which do not like SIGHUP. */
    private final class ToNodes implements Nodes {
        @Override
        public void pulse(String node, long pid, int channel, Pulse pulse) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void signal(String node, long pid, Signal signal, String request) {
            if (signal.name().equals("SIGHUP")) {
                throw new HamException(Code.DENIED, "no");
            }
            sent.add(signal + " to " + pid + " on " + node + " for " + request);
        }
    }

    @Test
    void refusesWhatCannotBeSent() {
        assertThatThrownBy(() ->
                        new Parameters("1", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("beta")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pid: missing; which process of node 'beta'?");
        assertThatThrownBy(() ->
                        new Parameters("1", Optional.of(1L), Optional.empty(), Optional.empty(), Optional.of("../x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("node: node '../x'");
        assertThatThrownBy(() -> parameters("SIGFOO"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("signal: there is no signal 'SIGFOO'");
        assertThatThrownBy(() -> new Parameters("1", Optional.of(0L), Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pid: 0 is not a process");
        assertThatThrownBy(() -> new Parameters("1", Optional.empty(), Optional.of(1), Optional.of(true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("value: cannot be sent to a process group");
    }

    private static Parameters parameters(String signal) {
        return new Parameters(signal, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Outcome run(Parameters parameters, Optional<ProcessId> process) {
        var event = new Event(
                7,
                1,
                Instant.EPOCH,
                0,
                "restart",
                Optional.of("web"),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(4711),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of());
        try {
            return action.run(
                    new Invocation<>("id", HamPath.parse("web/back/tell"), "web", process, event, 0, parameters));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends nothing; process 13 is gone. */
    private final class Recorder implements Signals {
        @Override
        public void send(ProcessRef process, int signal) {
            if (process.pid() == 13) {
                throw new LinuxException("gone", 3);
            }
            sent.add(signal + " to " + process);
        }

        @Override
        public void send(ProcessRef process, int signal, int value) {
            sent.add(signal + " with " + value + " to " + process.pid());
        }

        @Override
        public void sendToGroup(ProcessRef leader, int signal) {
            sent.add(signal + " to group " + leader.pid());
        }
    }

    /** Knows every process. */
    private static final class OneProcess implements Processes {
        @Override
        public ProcessRef identify(long pid) {
            return new ProcessRef(pid, 1, 1, "boot");
        }

        @Override
        public void check(Spawn spawn) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcessRef spawn(Spawn spawn) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcessRef self() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ProcessRef> findByEnvironment(Map<String, String> variables) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAlive(ProcessRef process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void watch(ProcessRef process, Consumer<ExitStatus> listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unwatch(ProcessRef process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int watched() {
            return 0;
        }
    }
}
