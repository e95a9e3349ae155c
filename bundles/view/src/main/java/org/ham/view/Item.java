package org.ham.view;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** What is found at a place: rendered when it is asked for, from the state as it was when it was found. Immutable. */
sealed interface Item {
    /** Since when it is there. */
    Instant since();

    /**
     * A folder.
     *
     * @param entries what is in it
     */
    record Folder(Instant since, Supplier<List<Entry>> entries) implements Item {}

    /**
     * A file.
     *
     * @param text what is in it
     */
    record File(Instant since, Supplier<byte[]> text) implements Item {}

    /** A name in a folder. */
    record Entry(String name, boolean folder) {}
}
