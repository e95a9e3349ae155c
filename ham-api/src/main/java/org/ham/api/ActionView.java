package org.ham.api;

import java.util.List;
import java.util.Map;

/**
 * An action as it stands. Immutable; its JSON is the one of {@code ham tree --json}.
 *
 * @param name unique in its condition
 * @param type its plug-in's word
 * @param flags how it behaves, as words
 * @param enabled its own switch; a disabled condition or entity disables it as well
 * @param parameters what it was added with
 * @param onFail its fail items
 * @param id the journal line that made it; 0 for a fail item
 */
public record ActionView(
        String name,
        String type,
        List<String> flags,
        boolean enabled,
        Map<String, Object> parameters,
        List<ActionView> onFail,
        long id) {}
