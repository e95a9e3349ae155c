package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReadTimeoutTest {
    @AutoClose
    private final Socket socket = new Socket();

    private final ReadTimeout timeout = new ReadTimeout(0);

    @Test
    void aLookLeavesWhatTheProgramHasSet() throws IOException {
        timeout.set(socket, 700);
        timeout.shortened(socket, 1, () -> {
            assertThat(socket.getSoTimeout()).isEqualTo(1);
            assertThat(timeout.millis()).isEqualTo(700);
        });
        assertThat(socket.getSoTimeout()).isEqualTo(700);
    }

    @Test
    void whatIsSetDuringALookHoldsAfterIt() throws IOException {
        timeout.shortened(socket, 1, () -> {
            timeout.set(socket, 30_000);
            assertThat(socket.getSoTimeout()).isEqualTo(1);
            assertThat(timeout.millis()).isEqualTo(30_000);
            assertThatThrownBy(() -> timeout.set(socket, -1)).isInstanceOf(IllegalArgumentException.class);
        });
        assertThat(socket.getSoTimeout()).isEqualTo(30_000);
    }

    @Test
    void aLookThatFailsLeavesItToo() {
        assertThatThrownBy(() -> timeout.shortened(socket, 1, () -> {
                    throw new IOException("lost");
                }))
                .hasMessage("lost");
        assertThat(timeout.millis()).isZero();
    }
}
