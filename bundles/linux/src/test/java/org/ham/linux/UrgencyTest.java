package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UrgencyTest {
    private static final int NICE = 16;

    private final Kit kit = new Kit();
    private final Urgency urgency = new KernelUrgency();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void aRaisedThreadPassesNothingOnToThreadsAndProcesses() throws Exception {
        long usual = nice(Path.of("/proc/self/stat"));
        onItsOwn(() -> {
            boolean raised = urgency.raiseThisThread();
            assertThat(ownNice()).isEqualTo(raised ? -20 : usual);
            assertThat(urgency.raiseThisThread())
                    .as("it is raised or may not be")
                    .isFalse();
            assertThat(onItsOwn(UrgencyTest::ownNice)).isEqualTo(usual);
            ProcessRef child = kit.start(Kit.command("sleep", "1000"));
            assertThat(nice(Path.of("/proc/" + child.pid() + "/stat"))).isEqualTo(usual);
            return raised;
        });
        assertThat(ownNice()).isEqualTo(usual);
    }

    @Test
    void aVirtualThreadIsLeftAsItIs() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(urgency::raiseThisThread);
        Thread.ofVirtual().start(task);
        assertThat(task.get()).isFalse();
    }

    private static <T> T onItsOwn(Callable<T> what) throws InterruptedException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(what);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    private static long ownNice() throws IOException {
        return nice(Path.of("/proc/thread-self/stat"));
    }

    private static long nice(Path stat) throws IOException {
        String text = Files.readString(stat);
        return Long.parseLong(text.substring(text.lastIndexOf(')') + 2).split(" ")[NICE]);
    }
}
