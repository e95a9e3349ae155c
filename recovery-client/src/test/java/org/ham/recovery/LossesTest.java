package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.ham.recovery.RecoveryException.Code;
import org.junit.jupiter.api.Test;

/** Which errors are a loss. */
class LossesTest {
    @Test
    void aSocketIsLostByAllButTheCallersOwnErrors() {
        var lost = Losses.ofSockets();
        assertThat(Stream.of(
                        new SocketException("Connection reset"),
                        new ConnectException("Connection refused"),
                        new IOException("Broken pipe"),
                        new EOFException(),
                        new ClosedChannelException(),
                        new AsynchronousCloseException()))
                .allMatch(lost);
        assertThat(Stream.of(
                        new SocketTimeoutException("late"),
                        new ClosedByInterruptException(),
                        new NoSuchFileException("f"),
                        RecoveryException.refused(Code.BUSY, "busy")))
                .noneMatch(lost);
    }

    @Test
    void aFileIsLostByWhatSaysThatItsServerIsGone() {
        var lost = Losses.ofFiles();
        assertThat(Stream.of(
                        new IOException("Transport endpoint is not connected"),
                        new IOException("Stale file handle"),
                        new IOException("Bad file descriptor"),
                        new FileSystemException("f", null, "Stale file handle"),
                        new ClosedChannelException()))
                .allMatch(lost);
        assertThat(Stream.of(
                        new IOException("No space left on device"),
                        new IOException((String) null),
                        new AccessDeniedException("f"),
                        new NoSuchFileException("f"),
                        new ClosedByInterruptException(),
                        RecoveryException.refused(Code.CLOSED, "closed")))
                .noneMatch(lost);
    }
}
