package org.ham.guardian;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.ham.linux.LinuxException;
import org.ham.linux.RobustFutexes;
import org.ham.linux.SharedPage;
import org.jspecify.annotations.Nullable;

/**
 * The word of the page that names the thread which leads, the core loop of the HAM. The kernel marks it when that thread dies,
 * before it takes the dying process's memory apart and lets go of the role lock, which can take a hundred times as long. As
 * that one thread is all that writes the journal and starts processes, who claims the marked word may lead.
 *
 * <p>So a word that names a living thread is a leader, and nobody gets past it with the lock alone. While the core is replaced no
 * thread leads, but its process still does: then the word has its mark. {@link #hold}, {@link #claim}, {@link #keep} and {@link
 * #letGo} are confined to the core loop, the rest is thread-safe.
 */
final class LeaderWord {
    private static final Logger LOG = System.getLogger(LeaderWord.class.getName());

    private final SharedPage page;
    private final long offset;
    private final RobustFutexes futexes;
    private RobustFutexes.@Nullable Hold held;
    private boolean refused;
    private volatile boolean over;

    LeaderWord(SharedPage page, long offset, RobustFutexes futexes) {
        this.page = page;
        this.offset = offset;
        this.futexes = futexes;
    }

    /** Makes it this process's, for one that has the lock; false when a thread of another process seems to lead. */
    boolean reserve() {
        var own = futexes.reserve(page, offset);
        if (over) {
            futexes.release(page, offset);
        }
        return own;
    }

    /** The same whoever seems to lead. */
    void seize() {
        futexes.seize(page, offset);
    }

    /** Tells on a thread of its own that the thread which led is dead; closing what is returned ends the watch. */
    AutoCloseable onDeath(Runnable callback) {
        return futexes.onHolderDeath(page, offset, callback);
    }

    /**
     * From now on this thread's death is told. A kernel that cannot do so leaves the lock to tell of it.
     *
     * @return false when another process has come to lead
     */
    boolean hold() {
        if (held != null || refused) {
            return true;
        }
        if (!reserve()) {
            return false;
        }
        try {
            held = futexes.holdOnThisThread(page, offset);
        } catch (LinuxException e) {
            refused = true;
            LOG.log(
                    Level.WARNING,
                    "The Guardian will learn of this process's death later than it could: {0}",
                    e.getMessage());
        }
        return true;
    }

    /** Makes this thread the one that leads if the last one is dead; false when somebody else was faster. */
    boolean claim() {
        try {
            held = futexes.claimOnThisThread(page, offset).orElse(null);
            return held != null;
        } catch (LinuxException e) {
            LOG.log(Level.WARNING, "Waiting for the lock: {0}", e.getMessage());
            return false;
        }
    }

    /** This thread is about to end and is not to look dead, while its process goes on to lead by another one. */
    void keep() {
        var open = held;
        held = null;
        refused = false;
        if (open != null) {
            open.closeMarked();
            if (over) {
                release();
            }
        }
    }

    /** This process leads no more. */
    void release() {
        over = true;
        futexes.release(page, offset);
    }

    /** This thread is about to end, or to have nothing to do with the page any more, and is not to look dead. */
    void letGo() {
        var open = held;
        held = null;
        refused = false;
        if (open != null) {
            open.close();
        }
    }
}
