package org.ham.journal;

import static java.util.Objects.requireNonNull;

/**
 * How a journal is kept. Immutable.
 *
 * @param bootId which boot of the machine this is; a journal of another boot is not continued. Empty reads any boot's
 * @param segmentBytes when a file is full and a snapshot is due
 * @param keepSegments how many files stay although no reader needs them any more, for {@code ham events}
 * @param backlogBatches how many batches are kept in memory while the disk takes none
 */
public record JournalSettings(String bootId, long segmentBytes, int keepSegments, int backlogBatches) {
    /** The usual size of a file. */
    public static final long SEGMENT_BYTES = 4L << 20;

    /** The usual number of files kept. */
    public static final int KEEP_SEGMENTS = 4;

    /** The usual length of the backlog. */
    public static final int BACKLOG_BATCHES = 4096;

    /** Refuses sizes that make no sense. */
    public JournalSettings {
        requireNonNull(bootId, "bootId");
        if (bootId.length() > SegmentHeader.BOOT_ID_LONGEST || !bootId.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("'" + bootId + "' is not a boot id");
        }
        if (segmentBytes < 1 || keepSegments < 1 || backlogBatches < 1) {
            throw new IllegalArgumentException("segmentBytes, keepSegments and backlogBatches must be 1 or more, not "
                    + segmentBytes + ", " + keepSegments + ", " + backlogBatches);
        }
    }

    /** The usual settings. */
    public static JournalSettings of(String bootId) {
        return new JournalSettings(bootId, SEGMENT_BYTES, KEEP_SEGMENTS, BACKLOG_BATCHES);
    }
}
