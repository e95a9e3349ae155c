package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
    void ofManyWhoClaimWhatADeadHolderLeftOneSucceeds() throws Exception {
        dieHolding();
        CountDownLatch begin = new CountDownLatch(1);
        AtomicInteger successes = new AtomicInteger();
        List<Thread> claimants = Stream.generate(() -> Thread.ofPlatform().start(() -> {
                    awaitEnd(begin);
                    futexes.claimOnThisThread(page, WORD).ifPresent(held -> {
                        successes.incrementAndGet();
                        closeQuietly(held);
                    });
                }))
                .limit(8)
                .toList();
        begin.countDown();
        for (Thread claimant : claimants) {
            claimant.join();
        }
        assertThat(successes).hasValue(1);
        assertThat(page.getAcquire(WORD)).isZero();
    }

    @Test
    void whatALivingOneOrNobodyHoldsCannotBeClaimed() throws Exception {
        assertThat(futexes.claimOnThisThread(page, WORD)).isEmpty();
        try (AutoCloseable held = on(() -> futexes.hold(page, WORD))) {
            assertThat(held).isNotNull();
            assertThat(futexes.claimOnThisThread(page, WORD)).isEmpty();
            assertThat(futexes.reserve(page, WORD))
                    .as("it is this process's already")
                    .isTrue();
            assertThat(page.getAcquire(WORD))
                    .isNotEqualTo(ProcessHandle.current().pid());
        }
        // It may hold another one after a claim that failed.
        futexes.holdOnThisThread(page, 8).close();
    }

    @Test
    void aProcessMarksWhatNobodyAliveHolds() throws Exception {
        long own = ProcessHandle.current().pid();
        assertThat(futexes.reserve(page, WORD)).isTrue();
        assertThat(page.getAcquire(WORD)).isEqualTo(own);
        dieHolding();
        assertThat(futexes.reserve(page, WORD)).isTrue();
        assertThat(page.getAcquire(WORD)).isEqualTo(own);
        // A thread that died without its mark.
        page.setRelease(WORD, Integer.MAX_VALUE >> 2);
        assertThat(futexes.reserve(page, WORD)).isTrue();
        assertThat(page.getAcquire(WORD)).isEqualTo(own);
    }

    @Test
    void aProcessMayKeepAWordThatNoThreadOfItsHoldsAnyMore() throws Exception {
        long own = ProcessHandle.current().pid();
        RobustFutexes.Hold held = on(() -> futexes.holdOnThisThread(page, WORD));
        futexes.release(page, WORD);
        assertThat(page.getAcquire(WORD)).as("held, no mark").isNotZero();
        on(() -> {
            held.closeMarked();
            held.close();
            return true;
        });
        assertThat(page.getAcquire(WORD)).isEqualTo(own);
        futexes.release(page, WORD);
        assertThat(page.getAcquire(WORD)).isZero();
        RobustFutexes.Hold lost = on(() -> futexes.holdOnThisThread(page, WORD));
        page.setRelease(WORD, 7);
        on(() -> {
            lost.closeMarked();
            return true;
        });
        assertThat(page.getAcquire(WORD)).as("somebody else's by now").isEqualTo(7);
    }

    @Test
    void whatALivingProcessHoldsIsLeftToItUnlessItIsSeized() throws Exception {
        Path log = folder.resolve("log");
        ProcessRef holder =
                kit.start(Kit.to(Kit.java(Holder.class, folder.resolve("page").toString()), log));
        kit.turnUntil(() -> Kit.read(log).contains("holding"));
        long held = page.getAcquire(WORD);
        assertThat(futexes.reserve(page, WORD)).isFalse();
        assertThat(futexes.claimOnThisThread(page, WORD)).isEmpty();
        assertThat(page.getAcquire(WORD)).isEqualTo(held);
        futexes.seize(page, WORD);
        assertThat(page.getAcquire(WORD)).isEqualTo(ProcessHandle.current().pid());
        kit.linux.signals().send(holder, SignalNames.SIGKILL);
        kit.end(holder);
        assertThat(page.getAcquire(WORD))
                .as("the death of one whose word was seized leaves it alone")
                .isEqualTo(ProcessHandle.current().pid());
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

    /** In an upgrade of HAM two versions use one word at once. */
    @Test
    void theWordIsWrittenAsAllVersionsReadIt() throws Exception {
        String meaning = "a word of another form ends 'ham upgrade' from and to every version before; docs/upgrade.md";
        long thread = Long.parseLong(
                Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        try (AutoCloseable hold = futexes.holdOnThisThread(page, WORD)) {
            assertThat(hold).isNotNull();
            assertThat(page.getOpaque(WORD)).as(meaning).isEqualTo(0x8000_0000L | thread);
        }
        assertThat(page.getOpaque(WORD)).as(meaning).isZero();
        assertThat(futexes.reserve(page, WORD)).isTrue();
        assertThat(page.getOpaque(WORD))
                .as(meaning)
                .isEqualTo(ProcessHandle.current().pid());
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
