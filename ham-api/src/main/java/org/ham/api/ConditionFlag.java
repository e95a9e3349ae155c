package org.ham.api;

/** How a condition behaves. */
public enum ConditionFlag {
    /** Keep the condition when its entity is restarted; otherwise it goes, with its actions ({@code HREARMAFTERRESTART}). */
    REARM,
    /** Let the condition go when its entity is restarted, where keeping is the default: outside the death conditions. */
    NO_REARM,
    /** Run in the lane shared by all no-wait conditions of the entity; no {@code waitfor} allowed ({@code HCONDNOWAIT}). */
    NO_WAIT,
    /** Run in a lane of its own; {@link #NO_WAIT} wins over it ({@code HCONDINDEPENDENT}). */
    INDEPENDENT,
    /** Keep the condition when its last action goes ({@code HCONDKEEPONEMPTY}). */
    KEEP_ON_EMPTY;

    /** The word for it in files and commands, such as {@code no-wait}. */
    public String word() {
        return Vocabulary.word(this);
    }

    /** The flag a word stands for; throws {@link HamException.Code#INVALID} that lists the known words. */
    public static ConditionFlag parse(String word) {
        return Vocabulary.parse(ConditionFlag.class, "condition flag", word);
    }
}
