package org.ham.api;

/** What has to happen to an entity for a condition to become true. */
public enum ConditionType {
    /** The entity died, in any way ({@code CONDDEATH}). */
    DEATH,
    /** The entity died of a signal that dumps core; {@link #DEATH} fires as well, first ({@code CONDABNORMALDEATH}). */
    ABNORMAL_DEATH,
    /** HAM stopped watching because it was asked to ({@code CONDDETACH}). */
    DETACH,
    /** A placeholder got its process ({@code CONDATTACH}). */
    ATTACH,
    /** HAM restarted the entity with success; not fired for a first start ({@code CONDRESTART}). */
    RESTART,
    /** The low mark of missed beats was reached ({@code CONDHBEATMISSEDLOW}). */
    HEARTBEAT_MISSED_LOW,
    /** The high mark of missed beats was reached ({@code CONDHBEATMISSEDHIGH}). */
    HEARTBEAT_MISSED_HIGH,
    /** A change of state was reported ({@code CONDSTATE}); {@link StateMatch} says which change counts. */
    STATE,
    /** Something was raised ({@code CONDRAISE}); {@link RaiseMatch} says what counts. */
    RAISE,
    /** Any of the others; fires once for each of them ({@code CONDANY}). */
    ANY;

    /** The word for it in files and commands, such as {@code abnormal-death}. */
    public String word() {
        return Vocabulary.word(this);
    }

    /** The type a word stands for; throws {@link HamException.Code#INVALID} that lists the known words. */
    public static ConditionType parse(String word) {
        return Vocabulary.parse(ConditionType.class, "condition type", word);
    }

    /** Whether this is one of the two types under which a restart action may stand. */
    public boolean isDeath() {
        return this == DEATH || this == ABNORMAL_DEATH;
    }
}
