package org.ham.linux;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Words of shared pages by which one process learns early that a thread of another died: the kernel marks them before it
 * takes the dying process's memory apart, 0.1 to 0.4 ms after a kill, where descriptors and locks may need a second. A word
 * is 8 bytes of a page at a multiple of 8 that serve nothing else. Thread-safe.
 *
 * <p>What it tells has limits:
 *
 * <ul>
 *   <li>It tells of a thread. What that very thread was doing is over; others of its process may still be in the middle of a
 *       system call. Whoever takes over what those do waits for the process's own end or its lock.
 *   <li>It may never come: a process whose memory was taken from it while it died, by {@code process_mrelease} or for want of
 *       memory, often leaves its word as it was. Only {@link Processes#watch} tells of every death.
 *   <li>Whoever can write the page can write the word.
 * </ul>
 */
@ProviderType
public interface RobustFutexes {
    /** A word that a thread holds. Confined to that thread. */
    @ProviderType
    interface Hold extends AutoCloseable {
        /** Leaves the word to nobody, unless somebody else has taken it. */
        @Override
        void close();

        /** Leaves this process's mark in the word, as of {@link #reserve}, unless somebody else has taken it. */
        void closeMarked();
    }

    /**
     * Has a thread made for it hold a word until the returned object is closed or this process dies. What was in the word does
     * not matter: which process may hold it is decided elsewhere.
     *
     * @throws LinuxException when the kernel keeps no such lists
     */
    AutoCloseable hold(SharedPage page, long offset);

    /**
     * Has the calling thread hold a word, so that its mark means that this very thread does nothing any more. A thread that
     * ends without closing it looks as if it had been killed.
     *
     * @return to be closed by the same thread, before the page
     * @throws LinuxException {@code EINVAL} for a virtual thread, {@code EBUSY} when this thread holds a word already
     */
    Hold holdOnThisThread(SharedPage page, long offset);

    /**
     * Has the calling thread hold a word whose holder died. Of several who try it one succeeds.
     *
     * @return as of {@link #holdOnThisThread}; empty when the word is not marked, or not any more
     * @throws LinuxException as {@link #holdOnThisThread}
     */
    Optional<Hold> claimOnThisThread(SharedPage page, long offset);

    /**
     * Puts this process's mark into a word that no living thread of another process holds, for one of its threads to hold it
     * soon, or while none can. The mark does not tell of a death. Of several who try it one succeeds. A dead holder whose number the kernel has
     * given to somebody else since looks alive.
     *
     * @return whether the word is this process's
     */
    boolean reserve(SharedPage page, long offset);

    /** The same whatever is in the word. */
    void seize(SharedPage page, long offset);

    /** Takes this process's mark out of a word again, if it is there. */
    void release(SharedPage page, long offset);

    /**
     * Tells once when the holder of a word died, also when it did before. A word that nobody holds, or that is let go, is
     * waited for until somebody holds it and dies.
     *
     * @param callback called on a thread of its own; it should hand on and return
     * @return closing it ends the wait, without a call from then on; to be done before the page is closed
     */
    AutoCloseable onHolderDeath(SharedPage page, long offset, Runnable callback);
}
