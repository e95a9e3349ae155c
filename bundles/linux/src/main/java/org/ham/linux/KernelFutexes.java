package org.ham.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** Robust futexes by system calls. Thread-safe. */
final class KernelFutexes implements RobustFutexes {
    private static final int OWN = (int) ProcessHandle.current().pid();

    private final Urgency urgency;

    /** The words that threads hold; a thread has one list, and a list with words at unlike distances cannot be. */
    private final ThreadLocal<Boolean> holds = ThreadLocal.withInitial(() -> false);

    KernelFutexes(Urgency urgency) {
        this.urgency = urgency;
    }

    @Override
    public AutoCloseable hold(SharedPage page, long offset) {
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        CountDownLatch over = new CountDownLatch(1);
        Thread holder =
                Thread.ofPlatform().name("ham-linux-holder").daemon().start(() -> holdUntil(over, held, page, offset));
        try {
            held.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
        return () -> {
            over.countDown();
            holder.join();
        };
    }

    private void holdUntil(CountDownLatch over, CompletableFuture<Boolean> held, SharedPage page, long offset) {
        try (ThreadHold hold = holdOnThisThread(page, offset)) {
            held.complete(hold.isOwn());
            awaitQuietly(over);
        } catch (RuntimeException e) {
            held.completeExceptionally(e);
        }
    }

    /** Nobody interrupts this thread for a purpose. */
    private static void awaitQuietly(CountDownLatch over) {
        boolean done = false;
        while (!done) {
            try {
                over.await();
                done = true;
            } catch (InterruptedException e) {
                done = over.getCount() == 0;
            }
        }
    }

    @Override
    public ThreadHold holdOnThisThread(SharedPage page, long offset) {
        FutexWord word = new FutexWord(page, offset);
        ThreadHold hold = prepare(word);
        // Only now: whatever moment it dies at, a word of its own is in its list.
        word.take(hold.thread);
        return hold;
    }

    private ThreadHold prepare(FutexWord word) {
        if (Thread.currentThread().isVirtual()) {
            throw new LinuxException(
                    "a virtual thread cannot hold a word: it is no thread of the kernel's", Errno.EINVAL);
        }
        if (holds.get()) {
            throw new LinuxException("this thread holds a word already; it can hold one", Errno.EBUSY);
        }
        int thread = (int) Syscall.call(Syscall.GETTID, 0);
        RobustList list = RobustList.with(word);
        holds.set(true);
        return new ThreadHold(word, thread, list);
    }

    @Override
    public Optional<Hold> claimOnThisThread(SharedPage page, long offset) {
        FutexWord word = new FutexWord(page, offset);
        int value = word.get();
        if (!FutexWord.isOrphaned(value)) {
            return Optional.empty();
        }
        ThreadHold hold = prepare(word);
        if (word.takeFrom(value, hold.thread)) {
            return Optional.of(hold);
        }
        hold.close();
        return Optional.empty();
    }

    @Override
    public boolean reserve(SharedPage page, long offset) {
        FutexWord word = new FutexWord(page, offset);
        while (true) {
            int value = word.get();
            int holder = FutexWord.holder(value);
            if (holder != 0 && !FutexWord.isOrphaned(value)) {
                if (isOwn(holder)) {
                    return true;
                }
                if (isAlive(holder)) {
                    return false;
                }
            }
            if (word.markFrom(value, OWN)) {
                return true;
            }
        }
    }

    @Override
    public void seize(SharedPage page, long offset) {
        FutexWord word = new FutexWord(page, offset);
        int value = word.get();
        while (!word.markFrom(value, OWN)) {
            value = word.get();
        }
    }

    @Override
    public void release(SharedPage page, long offset) {
        new FutexWord(page, offset).unmark(OWN);
    }

    private static boolean isOwn(int holder) {
        return holder == OWN || Files.exists(Path.of("/proc/self/task/" + holder));
    }

    /** Threads are found under {@code /proc} like processes, though not listed there. */
    private static boolean isAlive(int holder) {
        return ProcStat.of(holder).filter(ProcStat::isProgram).isPresent();
    }

    /** Confined to its thread. */
    final class ThreadHold implements Hold {
        private final FutexWord word;
        private final int thread;
        private final RobustList list;
        private final Thread owner = Thread.currentThread();
        private boolean over;

        private ThreadHold(FutexWord word, int thread, RobustList list) {
            this.word = word;
            this.thread = thread;
            this.list = list;
        }

        boolean isOwn() {
            return Thread.currentThread() == owner;
        }

        @Override
        public void close() {
            close(0);
        }

        @Override
        public void closeMarked() {
            close(OWN);
        }

        private void close(int mark) {
            if (!isOwn()) {
                throw new IllegalStateException("only " + owner.getName() + " can let go what it holds");
            }
            if (!over) {
                over = true;
                word.letGo(thread, mark);
                list.remove();
                holds.remove();
            }
        }
    }

    @Override
    public AutoCloseable onHolderDeath(SharedPage page, long offset, Runnable callback) {
        return new HolderWatch(new FutexWord(page, offset), urgency, callback);
    }
}
