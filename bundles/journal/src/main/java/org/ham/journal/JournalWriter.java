package org.ham.journal;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Appends to a journal. Confined to one thread at a time. What was appended survives the death of the process, at any
 * moment and without a flush; it does not survive the death of the machine, and need not.
 */
@ProviderType
public interface JournalWriter extends AutoCloseable {
    /** The last line that was appended, whether the disk has it or the backlog. */
    Position position();

    /**
     * Appends a batch. Never throws because of the disk: what it does not take is kept in memory, in order, up to
     * {@link JournalSettings#backlogBatches}; beyond that the oldest are given up and replaced by one line of type
     * {@value Journal#LOST}.
     *
     * @throws StaleEpochException when another writer has taken over; nothing was written
     * @throws IllegalArgumentException when the batch does not follow {@link #position} or is of another epoch
     */
    void append(Batch batch);

    /** Whether lines wait in memory because the disk does not take them. */
    boolean degraded();

    /**
     * Holds room on the disk for the day it is full, as much as one file may have; whether that is there. May take some
     * milliseconds. {@link #trouble} tells when it had to be used; call this now and then until there is none. A snapshot that
     * could not be written is due again then, also when nothing is appended.
     */
    boolean reserve();

    /** What is wrong with the disk at present, as a sentence for people. */
    Optional<String> trouble();

    /** Tries to write what waits in memory; whether nothing waits any more. */
    boolean flush();

    /** Whether it is time for {@link #snapshot}. */
    boolean snapshotDue();

    /** Whether one that is due must not be put off any longer, as the journal would grow. */
    boolean snapshotOverdue();

    /** Whether those who follow have missed lines that are lost: without a snapshot that has them they must not come to lead. */
    boolean snapshotNeeded();

    /**
     * Keeps a state that has everything in it up to a line, begins a new file and deletes those that nobody needs. Never throws because
     * of the disk: {@link #trouble} tells, and {@link #snapshotDue} comes again later.
     *
     * @param seq the line, the last of a batch that this writer has appended, or the one it went on after; others may have followed since,
     *     but no later snapshot
     */
    void snapshot(long seq, String state);

    /** The same with everything up to {@link #position}. */
    default void snapshot(String state) {
        snapshot(position().seq(), state);
    }

    /** What was found wrong since the last call, as sentences for people. */
    List<String> findings();

    @Override
    void close();
}
