package org.ham.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.io.StringWriter;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.ham.api.Actor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GogoSessionsTest {
    private final ThreadIOImpl threads = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threads);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Actor actor = new Actor("shell", 1, 2);

    @BeforeEach
    void start() {
        threads.start();
    }

    @AfterEach
    void stop() {
        processor.stop();
        threads.stop();
    }

    private GogoShell.Session open() {
        return new GogoSessions(processor)
                .open(
                        new PrintStream(new ByteChunks(out), true, UTF_8),
                        new PrintStream(new ByteChunks(err), true, UTF_8),
                        actor);
    }

    @Test
    void variablesLiveAsLongAsTheSession() {
        try (var session = open()) {
            assertThat(session.run("x = Grüße€😀")).isZero();
            assertThat(session.run("$x")).isZero();
        }
        assertThat(out.toString().lines().toList().getLast()).isEqualTo("Grüße€😀");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anUnknownCommandFailsWithAMessage() {
        try (var session = open()) {
            assertThat(session.run("nonsense")).isEqualTo(1);
        }
        assertThat(err.toString()).contains("nonsense");
    }

    @Test
    void theActorIsKnownToTheCommands() {
        processor.addCommand(
                "ham",
                (org.apache.felix.service.command.Function) (session, _) -> session.get(GogoSessions.ACTOR),
                "who");
        try (var session = open()) {
            assertThat(session.run("who")).isZero();
        }
        assertThat(out.toString()).contains("uid=1");
    }
}
