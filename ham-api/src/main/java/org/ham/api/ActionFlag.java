package org.ham.api;

/** How an action behaves. */
public enum ActionFlag {
    /** Keep the action when its entity is restarted ({@code HREARMAFTERRESTART}). */
    REARM,
    /** Do not keep the action when its entity is restarted, where keeping is the default: outside the death conditions. */
    NO_REARM,
    /** Also run once when the action is added ({@code HACTIONDONOW}). */
    DO_NOW,
    /** When the action fails, skip the rest of its condition's list ({@code HACTIONBREAKONFAIL}). */
    BREAK_ON_FAIL,
    /** Keep the action though it failed; by default a failed action is removed ({@code HACTIONKEEPONFAIL}). */
    KEEP_ON_FAIL;

    /** The word for it in files and commands, such as {@code break-on-fail}. */
    public String word() {
        return Vocabulary.word(this);
    }

    /** The flag a word stands for; throws {@link HamException.Code#INVALID} that lists the known words. */
    public static ActionFlag parse(String word) {
        return Vocabulary.parse(ActionFlag.class, "action flag", word);
    }
}
