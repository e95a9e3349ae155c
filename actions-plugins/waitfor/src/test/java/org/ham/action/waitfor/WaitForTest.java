package org.ham.action.waitfor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.spi.Host;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitForTest {
    private final WaitFor waitFor = new WaitFor(new FastClock());

    @TempDir
    private Path folder;

    @Test
    void letsTimePassWithoutAPath() throws Exception {
        assertThat(run(Optional.empty(), Duration.ofMillis(20))).isEqualTo(Outcome.done("20ms have passed"));
    }

    @Test
    void isDoneAsSoonAsThePathIsThere() throws Exception {
        assertThat(run(Optional.of(folder.toString()), Duration.ofMinutes(5)))
                .isEqualTo(Outcome.done(folder + " is there"));
    }

    @Test
    void failsWhenThePathHasNotAppearedByThen() throws Exception {
        var path = folder.resolve("never").toString();

        assertThat(run(Optional.of(path), Duration.ofSeconds(5)))
                .isEqualTo(Outcome.failed(path + " has not appeared within 5s"));
    }

    @Test
    void waitsAnewAfterATakeover() throws Exception {
        var path = folder.resolve("never").toString();
        var parameters = new Parameters(Optional.of(path), Duration.ofMillis(1500));

        assertThat(waitFor.resume(invocation(parameters)))
                .isEqualTo(Outcome.failed(path + " has not appeared within 1500ms"));
    }

    @Test
    void stopsWaitingWhenItIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> run(Optional.empty(), Duration.ofMinutes(5))).isInstanceOf(InterruptedException.class);
    }

    @Test
    void saysThatItWaitsAndForHowLong() {
        assertThat(waitFor.waits()).isTrue();
        assertThat(waitFor.deadline(new Parameters(Optional.empty(), Duration.ofMinutes(5))))
                .isGreaterThan(Duration.ofMinutes(5));
    }

    @Test
    void refusesWhatCannotBeWaitedFor() {
        assertThatThrownBy(() -> new Parameters(Optional.empty(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay: must be above 0");
        assertThatThrownBy(() -> new Parameters(Optional.empty(), Duration.ofDays(400)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay: must be at most 365 days");
        assertThatThrownBy(() -> new Parameters(Optional.of("ready"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path: must begin with '/', found 'ready'");
    }

    private Outcome run(Optional<String> path, Duration delay) throws Exception {
        return waitFor.run(invocation(new Parameters(path, delay)));
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
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of());
        return new Invocation<>("id", HamPath.parse("web/died/wait"), "web", Optional.empty(), event, 0, parameters);
    }

    /** A host whose clock goes on by three seconds at each look. */
    private static final class FastClock implements Host {
        private long now;

        @Override
        public long monotonic() {
            now += Duration.ofSeconds(3).toNanos();
            return now;
        }

        @Override
        public void check(StartSpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcessId identify(long pid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ProcessId> find(String invocation) {
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
        public void watch(ProcessId process, Consumer<ExitReason> listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unwatch(ProcessId process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void signal(ProcessId process, int signal) {
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
        public Instant now() {
            throw new UnsupportedOperationException();
        }
    }
}
