package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RobustFutexTest {
    private static final int WORD = 0;

    private final Kit kit = new Kit();
    private final RobustFutexes futexes = kit.linux.futexes();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CountDownLatch told = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private SharedPage page;

    @BeforeEach
    void create() {
        page = SharedPage.create(folder.resolve("page"), Holder.SIZE, fresh -> {});
    }

    @AfterEach
    void close() {
        thread.shutdownNow();
        kit.close();
        page.close();
    }

    @Test
    void theDeathOfAnotherProcessIsTold() throws Exception {
        Path log = folder.resolve("log");
        ProcessRef holder =
                kit.start(Kit.to(Kit.java(Holder.class, folder.resolve("page").toString()), log));
        kit.turnUntil(() -> Kit.read(log).contains("holding"));
        try (AutoCloseable watch = futexes.onHolderDeath(page, WORD, told::countDown)) {
            assertThat(told.getCount()).isEqualTo(1);
            kit.linux.signals().send(holder, SignalNames.SIGKILL);
            told.await();
            assertThat(watch).isNotNull();
        }
        assertThat(kit.end(holder)).isEqualTo(ExitStatus.signalled(SignalNames.SIGKILL, false));
    }

    @Test
    void aThreadThatEndsWithoutLettingGoIsTold() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            futexes.holdOnThisThread(page, WORD);
            awaitEnd(end);
        });
        try (AutoCloseable watch = futexes.onHolderDeath(page, WORD, told::countDown)) {
            end.countDown();
            told.await();
            assertThat(watch).isNotNull();
        }
        holder.join();
    }

    @Test
    void allThatWaitAreTold() throws Exception {
        CountDownLatch all = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            futexes.onHolderDeath(page, WORD, all::countDown);
        }
        dieHolding();
        all.await();
    }

    @Test
    void aDeathBeforeTheWatchIsToldToo() throws Exception {
        dieHolding();
        futexes.onHolderDeath(page, WORD, told::countDown);
        told.await();
    }

    @Test
    void whoLetsGoHasNotDied() throws Exception {
        AutoCloseable watch = futexes.onHolderDeath(page, WORD, told::countDown);
        for (int i = 0; i < 100; i++) {
            futexes.hold(page, WORD).close();
        }
        assertThat(page.getAcquire(WORD)).isZero();
        watch.close();
        watch.close();
        dieHolding();
        assertThat(told.getCount()).as("a watch that was closed is not told").isEqualTo(1);
    }

    @Test
    void theNextHolderTakesWhatADeadOneLeft() throws Exception {
        dieHolding();
        try (AutoCloseable held = futexes.hold(page, WORD)) {
            assertThat(FutexWord.isOrphaned((int) page.getAcquire(WORD))).isFalse();
            assertThat(held).isNotNull();
            AutoCloseable watch = futexes.onHolderDeath(page, WORD, told::countDown);
            watch.close();
            assertThat(told.getCount()).isEqualTo(1);
        }
    }

    @Test
    void aWordThatTheKernelForgotToMarkDoesNotStopTheNextHolder() throws Exception {
        page.setRelease(WORD, Integer.MAX_VALUE >> 2);
        futexes.onHolderDeath(page, WORD, told::countDown);
        assertThat(told.getCount()).isEqualTo(1);
        dieHolding();
        told.await();
    }

    @Test
    void aCallbackMayCloseItsOwnWatch() throws Exception {
        AutoCloseable[] watch = new AutoCloseable[1];
        CountDownLatch ready = new CountDownLatch(1);
        watch[0] = futexes.onHolderDeath(page, WORD, () -> {
            awaitEnd(ready);
            closeQuietly(watch[0]);
            told.countDown();
        });
        ready.countDown();
        dieHolding();
        told.await();
    }

    @Test
    void aThreadHoldsOneWordAndLetsItGoItself() throws Exception {
        AutoCloseable held = on(() -> futexes.holdOnThisThread(page, WORD));
        assertThatIllegalStateException().isThrownBy(held::close);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> on(() -> futexes.holdOnThisThread(page, 8)))
                .withMessageContaining("holds a word already");
        on(() -> {
            held.close();
            held.close();
            return true;
        });
        on(() -> {
            futexes.holdOnThisThread(page, 8).close();
            return true;
        });
        assertThat(page.getAcquire(8)).isZero();
    }

    @Test
    void whatCannotHoldIsRefused() {
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> virtual.submit(() -> futexes.holdOnThisThread(page, WORD))
                            .get())
                    .withMessageContaining("a virtual thread cannot hold a word");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> futexes.hold(page, 4));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> futexes.hold(page, Holder.SIZE));
    }

    private <T> T on(Callable<T> task) throws ExecutionException, InterruptedException {
        return thread.submit(task).get();
    }

    /** A thread that ends while it holds the word; the kernel has marked it before the next thing is done. */
    private void dieHolding() throws InterruptedException {
        Thread holder = Thread.ofPlatform().start(() -> futexes.holdOnThisThread(page, WORD));
        holder.join();
        while (!FutexWord.isOrphaned((int) page.getAcquire(WORD))) {
            Thread.onSpinWait();
        }
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
