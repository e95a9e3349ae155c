package org.ham.api;

/** An action ({@code ham_action_handle}). Immutable. */
public record ActionHandle(String entity, String condition, String name, long id) implements Handle {
    /** Checks the names. */
    public ActionHandle {
        HamPath.action(entity, condition, name);
    }

    /** Whichever action stands at this path when the handle is used. */
    public static ActionHandle of(String entity, String condition, String name) {
        return new ActionHandle(entity, condition, name, 0);
    }

    @Override
    public HamPath path() {
        return HamPath.action(entity, condition, name);
    }
}
