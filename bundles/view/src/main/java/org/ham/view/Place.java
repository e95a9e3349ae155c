package org.ham.view;

import java.util.ArrayList;
import java.util.List;

/**
 * A path in the view: no name for the top, then an entity's, a condition's and an action's. Immutable.
 *
 * @param names from the top down
 */
record Place(List<String> names) {
    /** The file in each folder that tells of what the folder stands for. */
    static final String INFO = ".info";

    static final Place TOP = new Place(List.of());

    Place {
        names = List.copyOf(names);
    }

    /** What is called so in this folder. */
    Place child(String name) {
        var longer = new ArrayList<>(names);
        longer.add(name);
        return new Place(longer);
    }

    /** The same for ever and different from any other place's, as good as certainly: programs that walk a tree compare it. */
    long inode() {
        var hash = 0xcbf29ce484222325L;
        for (var name : names) {
            for (var i = 0; i < name.length(); i++) {
                hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
            }
            hash = (hash ^ '/') * 0x100000001b3L;
        }
        // The kernel keeps 0 for nothing and 1 for the top.
        return names.isEmpty() ? 1 : (hash & Long.MAX_VALUE) | 2;
    }
}
