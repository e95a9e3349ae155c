package org.ham.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;

class FarCommandsTest {
    private static final Actor NODE = Actor.part("node alpha");

    private final FakeHam ham = new FakeHam();
    private final FarCommands commands = new FarCommands(ham, Path.of("/run/beta"));

    @Test
    void aCommandIsCarriedOutWhereItHasCome() {
        var answer = commands.run(List.of("--node", "beta", "tree", "web"), NODE);
        assertThat(answer.exit()).isZero();
        assertThat(answer.out()).contains("web").contains("died");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void aWrongOneIsAnAnswerToo() {
        var answer = commands.run(List.of("tre"), NODE);
        assertThat(answer.exit()).isEqualTo(Commands.USAGE);
        assertThat(answer.err()).contains("tre");
        assertThat(commands.run(List.of("tree", "nowhere"), NODE))
                .satisfies(refused -> assertThat(refused.exit()).isEqualTo(Commands.FAILED))
                .satisfies(refused -> assertThat(refused.err()).contains("no entity 'nowhere'"));
    }

    @Test
    void whatPrintsTooMuchIsRefused() {
        assertThatThrownBy(() -> commands.run(List.of("state", "web", "x".repeat(FarCommands.MOST + 1)), NODE))
                .isInstanceOf(HamException.class)
                .hasMessageContaining("the most that is sent to another node");
    }

    @Test
    void elsewhereAnotherNodeIsRefused() {
        var terminal = new Terminal(ham, Path.of("/"));
        assertThat(terminal.type("tree", "--node", "beta")).isEqualTo(Commands.USAGE);
        assertThat(terminal.err()).contains("--node works with the ham program only");
    }
}
