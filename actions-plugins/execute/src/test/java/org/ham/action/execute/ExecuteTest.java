package org.ham.action.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.spi.Host;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.junit.jupiter.api.Test;

class ExecuteTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final SimulatedHost host = new SimulatedHost();
    private final Execute execute = new Execute(host);

    @Test
    void succeedsWhenTheCommandWasStarted() throws Exception {
        var asked = new Parameters(
                List.of("/bin/tell", "it"),
                Optional.of("/tmp"),
                Optional.of("nobody"),
                Optional.of(Map.of("A", "b")),
                Optional.of("tell.log"),
                Optional.empty());

        assertThat(execute.run(invocation(asked))).isEqualTo(Outcome.done("started process 100"));
        assertThat(host.started)
                .containsExactly(new StartSpec(
                        List.of("/bin/tell", "it"),
                        Optional.of("/tmp"),
                        Map.of("A", "b"),
                        Optional.of("nobody"),
                        Map.of(),
                        Optional.of("tell.log")));
        assertThat(host.name).isEqualTo("web");
        assertThat(host.watched).isEmpty();
    }

    @Test
    void tellsTheCommandWhyItRuns() throws Exception {
        execute.run(invocation(parameters(Optional.empty())));

        assertThat(host.environment)
                .isEqualTo(Map.of(
                        "HAM_INVOCATION_ID", "id-1",
                        "HAM_ENTITY", "web",
                        "HAM_CONDITION", "died",
                        "HAM_ACTION", "tell",
                        "HAM_EVENT", "death",
                        "HAM_PID", "4711",
                        "HAM_REASON", "killed by SIGSEGV, core dumped"));
    }

    @Test
    void failsWhenTheCommandCannotBeStarted() {
        host.refusal = Optional.of(new HamException(HamException.Code.NOT_FOUND, "start: no such program"));

        assertThatThrownBy(() -> execute.run(invocation(parameters(Optional.of(LONG)))))
                .isInstanceOf(HamException.class)
                .hasMessage("start: no such program");
        assertThat(host.watched).isEmpty();
    }

    @Test
    void succeedsWhenTheCommandLeavesWithZeroInTime() throws Exception {
        host.ending = Optional.of(ExitReason.exited(0));

        assertThat(execute.run(invocation(parameters(Optional.of(LONG)))))
                .isEqualTo(Outcome.done("process 100 exited with code 0"));
        assertThat(host.watched).isEmpty();
    }

    @Test
    void failsWhenTheCommandLeavesWithAnythingElse() throws Exception {
        for (var reason : List.of(ExitReason.exited(3), ExitReason.signalled("SIGTERM", false), ExitReason.UNKNOWN)) {
            host.ending = Optional.of(reason);

            assertThat(execute.run(invocation(parameters(Optional.of(LONG)))))
                    .isEqualTo(Outcome.failed("process 100 " + reason));
        }
        assertThat(host.watched).isEmpty();
    }

    @Test
    void killsACommandThatIsNotDoneInTime() throws Exception {
        assertThat(execute.run(invocation(parameters(Optional.of(AT_ONCE)))))
                .isEqualTo(Outcome.failed("process 100 killed: not done within 1ms"));
        assertThat(host.signals).containsExactly("9 to 100");
        assertThat(host.watched).isEmpty();
    }

    @Test
    void letsGoOfTheCommandWhenItIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> execute.run(invocation(parameters(Optional.of(LONG)))))
                .isInstanceOf(InterruptedException.class);
        assertThat(host.watched).isEmpty();
        assertThat(host.signals).isEmpty();
    }

    @Test
    void waitsForTheCommandThatAnEarlierHamStarted() throws Exception {
        host.found = Optional.of(process(50));
        host.ending = Optional.of(ExitReason.exited(0));

        assertThat(execute.resume(invocation(parameters(Optional.of(LONG)))))
                .isEqualTo(Outcome.done("process 50 exited with code 0"));
        assertThat(host.started).isEmpty();
    }

    @Test
    void startsAgainWhatLeftNoTrace() throws Exception {
        assertThat(execute.resume(invocation(parameters(Optional.empty()))))
                .isEqualTo(Outcome.done("started process 100"));
        assertThat(host.environment).containsEntry("HAM_INVOCATION_ID", "id-1");
    }

    @Test
    void mayTakeAsLongAsItWasGivenAndABit() {
        assertThat(execute.deadline(parameters(Optional.of(LONG)))).isGreaterThan(LONG);
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> parameters(List.of(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("command: is empty;");
        assertThatThrownBy(() -> parameters(Optional.of(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("within: must be above 0");
    }

    private static Parameters parameters(Optional<Duration> within) {
        return parameters(List.of("/bin/tell"), within);
    }

    private static Parameters parameters(List<String> command, Optional<Duration> within) {
        return new Parameters(command, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), within);
    }

    private static ProcessId process(long pid) {
        return new ProcessId(pid, 1, 1, "boot");
    }

    private static Invocation<Parameters> invocation(Parameters parameters) {
        var event = new Event(
                7,
                1,
                Instant.EPOCH,
                0,
                "death",
                Optional.of("web"),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(4711),
                Optional.of(ExitReason.signalled("SIGSEGV", true)),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of());
        return new Invocation<>("id-1", HamPath.parse("web/died/tell"), "web", Optional.empty(), event, 0, parameters);
    }

    /** Starts nothing; a process ends at once, as asked, or never. */
    private static final class SimulatedHost implements Host {
        private final List<StartSpec> started = new ArrayList<>();
        private final List<String> signals = new ArrayList<>();
        private final Set<ProcessId> watched = new HashSet<>();
        private final Map<String, String> environment = new HashMap<>();
        private String name = "";
        private Optional<HamException> refusal = Optional.empty();
        private Optional<ExitReason> ending = Optional.empty();
        private Optional<ProcessId> found = Optional.empty();

        @Override
        public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
            refusal.ifPresent(e -> {
                throw e;
            });
            this.name = name;
            this.environment.putAll(environment);
            started.add(spec);
            return process(100);
        }

        @Override
        public Optional<ProcessId> find(String invocation) {
            return found;
        }

        @Override
        public void watch(ProcessId process, Consumer<ExitReason> listener) {
            watched.add(process);
            ending.ifPresent(listener);
        }

        @Override
        public void unwatch(ProcessId process) {
            watched.remove(process);
        }

        @Override
        public void signal(ProcessId process, int signal) {
            signals.add(signal + " to " + process);
        }

        @Override
        public void check(StartSpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcessId identify(long pid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ProcessId> find(String entity, String runDir) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAlive(ProcessId process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void await(long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wake() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long monotonic() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant now() {
            throw new UnsupportedOperationException();
        }
    }
}
