package org.ham.api;

/** What to do with flags. */
public enum FlagChange {
    /** Have these as well ({@code HADDFLAGS}). */
    ADD,
    /** Have these no more ({@code HREMOVEFLAGS}). */
    REMOVE,
    /** Have just these ({@code HSETFLAGS}). */
    SET
}
