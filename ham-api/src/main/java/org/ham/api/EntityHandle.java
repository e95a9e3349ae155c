package org.ham.api;

/** An entity ({@code ham_entity_handle}). Immutable. */
public record EntityHandle(String name, long id) implements Handle {
    /** The global entity, which always exists. */
    public static final EntityHandle GLOBAL = new EntityHandle(HamPath.GLOBAL, 0);

    /** Checks the name. */
    public EntityHandle {
        HamPath.requireName("entity", name);
    }

    /** Whichever entity has this name when the handle is used. */
    public static EntityHandle of(String name) {
        return new EntityHandle(name, 0);
    }

    @Override
    public HamPath path() {
        return HamPath.entity(name);
    }
}
