package org.ham.journal;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads a journal from one place on, also while another process writes it. Confined to one thread at a time. Holds one
 * open file.
 */
@ProviderType
public interface JournalReader extends AutoCloseable {
    /** The snapshot that reading began with; empty when it began with a line. */
    Optional<Snapshot> snapshot();

    /**
     * The next batch; empty when there is nothing more right now: call again later. Goes on over file changes. Lines that
     * cannot be read are left out and told in {@link #findings}. A line of type {@value Journal#LOST} stands for lines
     * that the disk never took: who folds lines into a state starts anew with {@link Journal#read} when a snapshot beyond it is there.
     *
     * @throws JournalGapException when what follows was deleted or withdrawn meanwhile; start anew with
     *     {@link Journal#read}
     */
    Optional<Batch> next();

    /** The last line that was returned, skipped or is in the snapshot. */
    Position position();

    /** What was found wrong since the last call, as sentences for people. */
    List<String> findings();

    @Override
    void close();
}
