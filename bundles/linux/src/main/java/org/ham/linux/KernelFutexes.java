package org.ham.linux;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** Robust futexes by system calls. Thread-safe. */
final class KernelFutexes implements RobustFutexes {
    /** The words that threads hold; a thread has one list, and a list with words at unlike distances cannot be. */
    private final ThreadLocal<Boolean> holds = ThreadLocal.withInitial(() -> false);

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
        try (Hold hold = holdOnThisThread(page, offset)) {
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
    public Hold holdOnThisThread(SharedPage page, long offset) {
        if (Thread.currentThread().isVirtual()) {
            throw new LinuxException(
                    "a virtual thread cannot hold a word: it is no thread of the kernel's", Errno.EINVAL);
        }
        if (holds.get()) {
            throw new LinuxException("this thread holds a word already; it can hold one", Errno.EBUSY);
        }
        FutexWord word = new FutexWord(page, offset);
        int thread = (int) Syscall.call(Syscall.GETTID, 0);
        RobustList list = RobustList.with(word);
        holds.set(true);
        // Only now: whatever moment it dies at, a word of its own is in its list.
        word.take(thread);
        return new Hold(word, thread, list);
    }

    /** A word that a thread holds. Confined to that thread. */
    final class Hold implements AutoCloseable {
        private final FutexWord word;
        private final int thread;
        private final RobustList list;
        private final Thread owner = Thread.currentThread();
        private boolean over;

        private Hold(FutexWord word, int thread, RobustList list) {
            this.word = word;
            this.thread = thread;
            this.list = list;
        }

        boolean isOwn() {
            return Thread.currentThread() == owner;
        }

        @Override
        public void close() {
            if (!isOwn()) {
                throw new IllegalStateException("only " + owner.getName() + " can let go what it holds");
            }
            if (!over) {
                over = true;
                word.letGo(thread);
                list.remove();
                holds.remove();
            }
        }
    }

    @Override
    public AutoCloseable onHolderDeath(SharedPage page, long offset, Runnable callback) {
        return new HolderWatch(new FutexWord(page, offset), callback);
    }
}
