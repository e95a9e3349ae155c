package org.ham.api;

/** How an entity behaves. */
public enum EntityFlag {
    /** Keep the entity, without a process, when it dies and nothing restarts it ({@code HENTITYKEEPONDEATH}). */
    KEEP_ON_DEATH;

    /** The word for it in files and commands: {@code keep-on-death}. */
    public String word() {
        return Vocabulary.word(this);
    }

    /** The flag a word stands for; throws {@link HamException.Code#INVALID} that lists the known words. */
    public static EntityFlag parse(String word) {
        return Vocabulary.parse(EntityFlag.class, "entity flag", word);
    }
}
