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
 * <p>So a word that names a living thread is a leader, and nobody gets past it with the lock alone. {@link #hold}, {@link
 * #claim} and {@link #letGo} are confined to the core loop, the rest is thread-safe.
 */
final class LeaderWord {
    private static final Logger LOG = System.getLogger(LeaderWord.class.getName());

    private final SharedPage page;
    private final long offset;
    private final RobustFutexes futexes;
    private @Nullable AutoCloseable held;
    private boolean refused;

    LeaderWord(SharedPage page, long offset, RobustFutexes futexes) {
        this.page = page;
        this.offset = offset;
        this.futexes = futexes;
    }

    /** Makes it this process's, for one that has the lock; false when a thread of another process seems to lead. */
    boolean reserve() {
        return futexes.reserve(page, offset);
    }

    /** The same whoever seems to lead. */
    void seize() {
        futexes.seize(page, offset);
    }

    /** Tells on a thread of its own that the thread which led is dead; closing what is returned ends the watch. */
    AutoCloseable onDeath(Runnable callback) {
        return futexes.onHolderDeath(page, offset, callback);
    }

    /** From now on this thread's death is told. A kernel that cannot do so leaves the lock to tell of it. */
    void hold() {
        if (held != null || refused) {
            return;
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

    /** This thread is about to end, or to have nothing to do with the page any more, and is not to look dead. */
    void letGo() {
        var open = held;
        held = null;
        refused = false;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException("the leader's word was not let go", e);
        }
    }
}
