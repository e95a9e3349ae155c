package org.ham.api;

/**
 * Which object of the tree is meant: a value, good until the object goes. It can go stale, and then fails with {@link
 * HamException.Code#NOT_FOUND}; it never means another object of the same name. There is nothing to free: the original's
 * {@code ham_*_handle_free} have no counterpart that does anything.
 */
public sealed interface Handle permits EntityHandle, ConditionHandle, ActionHandle {
    /** Where the object stands. */
    HamPath path();

    /** The journal line that made the object; 0 for whichever object stands there when the handle is used. */
    long id();

    /** A handle for whichever object stands at a path when it is used. */
    static Handle of(HamPath path) {
        if (path.action().isPresent()) {
            return new ActionHandle(
                    path.entity(), path.condition().orElseThrow(), path.action().get(), 0);
        }
        return path.condition().isPresent()
                ? new ConditionHandle(path.entity(), path.condition().get(), 0)
                : new EntityHandle(path.entity(), 0);
    }
}
