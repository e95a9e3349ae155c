package org.ham.api;

/** What stands behind an entity. */
public enum EntityKind {
    /** A process that needs no knowledge of HAM, named by pid or started by HAM. */
    EXTERNAL,
    /** A process that attached itself. */
    SELF,
    /** A name without a process. */
    PLACEHOLDER,
    /** The one entity whose conditions match the events of all. */
    GLOBAL,
    /** An OSGi bundle. */
    BUNDLE;

    /** The word for it in JSON, such as {@code external}. */
    public String word() {
        return Vocabulary.word(this);
    }
}
