package org.ham.api;

/** What is known of an entity's heartbeat. */
public enum Beating {
    /** Beats come, or none was missed so often that it counts. */
    OK,
    /** The low mark was reached and nothing healed it. */
    MISSED_LOW,
    /** The high mark was reached; nobody listens for beats until something heals it. */
    MISSED_HIGH;

    /** The word for it in JSON, such as {@code missed-low}. */
    public String word() {
        return Vocabulary.word(this);
    }
}
