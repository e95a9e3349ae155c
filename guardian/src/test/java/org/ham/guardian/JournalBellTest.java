package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.linux.DirectoryWatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalBellTest {
    @TempDir
    private Path folder;

    private final AtomicInteger watches = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final CountDownLatch mayClose = new CountDownLatch(1);

    private final DirectoryWatch directories = (directory, changed) -> {
        assertThat(directory).isDirectory();
        watches.incrementAndGet();
        return () -> {
            mayClose.await();
            closed.incrementAndGet();
        };
    };

    private JournalBell bell(FakeRole role) throws IOException {
        return new JournalBell(new FakeFramework().context(), role, directories);
    }

    @Test
    void theLoopOfAGuardianThatTakesOverDoesNotWaitUntilTheWatchIsClosed() throws IOException {
        var role = new FakeRole(folder);
        role.guarded = Optional.of(new FakeMachine().add(50));
        var bell = bell(role);
        bell.turned(1, 1);
        role.primary = true;
        // It would never return if it did.
        bell.turned(2, 2);
        bell.turned(3, 3);
        assertThat(closed).hasValue(0);
        mayClose.countDown();
        bell.close();
        assertThat(watches).hasValue(1);
        assertThat(closed).hasValue(1);
    }

    @Test
    void aGuardianListensAsLongAsItStandsBy() throws IOException {
        mayClose.countDown();
        var role = new FakeRole(folder);
        role.guarded = Optional.of(new FakeMachine().add(50));
        var bell = bell(role);
        bell.turned(1, 1);
        assertThat(closed).hasValue(0);
        bell.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void aHamDoesNotListen() throws IOException {
        var role = new FakeRole(folder);
        role.primary = true;
        var bell = bell(role);
        bell.turned(1, 1);
        bell.close();
        assertThat(watches).hasValue(0);
    }
}
