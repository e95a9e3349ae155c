package org.ham.spi;

import java.util.Optional;
import org.ham.api.Actor;
import org.ham.api.Upgrade;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the core tells the guardian bundle's parts, and is told by them. Registered by the core in both roles.
 * Thread-safe.
 */
@ProviderType
public interface Mirror {
    /** The last journal line that is folded, 0 before the first. */
    long seq();

    /** Whether the journal was folded to its end at least once. */
    boolean caughtUp();

    /** Writes into the timeline that a Guardian stands by. Only while this process is the HAM. */
    void guardianStarted(long pid);

    /** Writes into the timeline that the Guardian is ready to take over. */
    void guardianReady(long pid);

    /** Writes into the timeline that the Guardian failed, and counts it. */
    void guardianFailed(long pid, String why);

    /** Writes into the timeline that something is wrong with HAM itself; an empty text clears the alarm. */
    void alarm(String source, String text);

    /** Writes into the timeline that a part of HAM sent a signal to what is or was an entity's process. */
    void signalled(String source, String entity, long pid, String signal, String why);

    /** Whether a stop was asked for and is in the journal. */
    boolean stopping();

    /** Who leads by the journal: the process that the HAM has handed over to, else the HAM; 0 before the first. */
    long leader();

    /** The Guardian that could take over, by the journal; 0 when there is none. */
    long guardian();

    /** The upgrade that is under way. */
    Optional<Upgrade> upgrade();

    /** Writes into the timeline that an upgrade has begun; ignored while another one is under way. */
    void upgrading(Upgrade upgrade, Actor actor);

    /** Writes into the timeline that the upgrade is over, with the reason when it failed, else an empty one. */
    void upgradeEnded(String why);

    /**
     * Ends the lead in favour of a process that stands by, as the last thing this one writes. Actions that run are left to
     * it. Then tells the caller, on the core's thread, whose process is to end: it can act no more.
     *
     * @param successor its pid
     * @param last run when it is written, not at all when this process does not lead any more
     */
    void handOver(long successor, Runnable last);
}
