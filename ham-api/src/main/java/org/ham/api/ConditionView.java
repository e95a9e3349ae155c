package org.ham.api;

import java.util.List;

/**
 * A condition as it stands. Immutable; its JSON is the one of {@code ham tree --json}.
 *
 * @param name unique in its entity
 * @param type what makes it true, as a word
 * @param flags how it behaves, as words
 * @param enabled its own switch; a disabled entity disables it as well
 * @param actions what runs, in order
 */
public record ConditionView(String name, String type, List<String> flags, boolean enabled, List<ActionView> actions) {}
