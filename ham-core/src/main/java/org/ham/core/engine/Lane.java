package org.ham.core.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What an entity has to do, one action after the other. The first run is the one in progress. Immutable.
 *
 * @param key {@link #NO_WAIT}, {@link #OTHER}, or the path of an independent condition
 * @param runs never empty: a lane without runs is not kept
 */
public record Lane(String key, List<Run> runs) {
    static final String NO_WAIT = "no-wait";
    static final String OTHER = "other";

    public Lane {
        runs = List.copyOf(runs);
    }

    Run head() {
        return runs.getFirst();
    }

    Lane with(Run run) {
        var longer = new ArrayList<>(runs);
        longer.add(run);
        return new Lane(key, longer);
    }

    Lane withHead(Run head) {
        var changed = new ArrayList<>(runs);
        changed.set(0, head);
        return new Lane(key, changed);
    }

    Lane withoutHead() {
        return new Lane(key, runs.subList(1, runs.size()));
    }
}
