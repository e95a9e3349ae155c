package org.ham.action.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartTest {
    private final Restart restart = new Restart();

    @Test
    void leavesTheCommandToTheEntityWhenItHasNone() {
        assertThat(restart.command(new Restart.Parameters(Optional.empty()))).isEmpty();
    }

    @Test
    void saysWhichCommandToStart() {
        assertThat(restart.command(new Restart.Parameters(Optional.of(List.of("/bin/sleep", "1")))))
                .contains(List.of("/bin/sleep", "1"));
    }

    @Test
    void refusesACommandWithoutAProgram() {
        for (var command : List.of(List.<String>of(), List.of(" ", "x"))) {
            assertThatThrownBy(() -> new Restart.Parameters(Optional.of(command)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("command: is empty;");
        }
    }

    @Test
    void goesByItsWord() {
        assertThat(restart.name()).isEqualTo("restart");
        assertThat(restart.parameters()).isEqualTo(Restart.Parameters.class);
    }
}
