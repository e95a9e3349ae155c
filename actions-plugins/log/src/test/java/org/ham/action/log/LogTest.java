package org.ham.action.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.ham.api.Event;
import org.ham.api.HamPath;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTest {
    private final List<String> written = new ArrayList<>();
    private final Logger activity = Logger.getLogger("org.ham.activity");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            written.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        activity.addHandler(handler);
        activity.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        activity.removeHandler(handler);
        activity.setUseParentHandlers(true);
    }

    @Test
    void writesTheMessageAndReturnsIt() {
        var outcome = log("web {0} is back", Optional.empty(), Optional.empty(), 0, "web/died/tell");

        assertThat(outcome).isEqualTo(Outcome.done("web {0} is back"));
        assertThat(written).containsExactly(Level.INFO + " web {0} is back");
    }

    @Test
    void putsEntityConditionAndActionInFront() {
        var outcome = log("back", Optional.empty(), Optional.of(true), 0, "web/died/tell");

        assertThat(outcome.detail()).isEqualTo("web/died/tell: back");
        assertThat(written).containsExactly(Level.INFO + " web/died/tell: back");
    }

    @Test
    void namesTheEntityItHappenedToForTheGlobalEntity() {
        assertThat(log("back", Optional.empty(), Optional.of(true), 0, "*/died/tell")
                        .detail())
                .isEqualTo("web/died/tell: back");
    }

    @Test
    void writesAtTheVerbosityItAsksForAndAbove() {
        assertThat(log("quiet", Optional.of(2), Optional.empty(), 1, "web/died/tell")
                        .ok())
                .isTrue();
        assertThat(written).isEmpty();

        log("exact", Optional.of(2), Optional.empty(), 2, "web/died/tell");
        log("loud", Optional.of(2), Optional.empty(), 3, "web/died/tell");
        assertThat(written).containsExactly(Level.INFO + " exact", Level.INFO + " loud");
    }

    @Test
    void refusesAVerbosityBelowZero() {
        assertThatThrownBy(() -> new Log.Parameters("m", Optional.of(-1), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("verbosity: -1 is below 0");
    }

    private static Outcome log(
            String message, Optional<Integer> verbosity, Optional<Boolean> prefix, int level, String path) {
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
        return new Log()
                .run(new Invocation<>(
                        "id-1",
                        HamPath.parse(path),
                        "web",
                        Optional.empty(),
                        event,
                        level,
                        new Log.Parameters(message, verbosity, prefix)));
    }
}
