package org.ham.api;

/** A condition ({@code ham_condition_handle}). Immutable. */
public record ConditionHandle(String entity, String name, long id) implements Handle {
    /** Checks the names. */
    public ConditionHandle {
        HamPath.condition(entity, name);
    }

    /** Whichever condition stands at this path when the handle is used. */
    public static ConditionHandle of(String entity, String name) {
        return new ConditionHandle(entity, name, 0);
    }

    @Override
    public HamPath path() {
        return HamPath.condition(entity, name);
    }
}
