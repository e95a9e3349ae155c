package org.ham.core.engine;

import java.util.List;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The ids of the last requests that were carried out, so that a repeat of one is known. Immutable.
 *
 * @param known each id with the line it came to
 * @param order the ids, the oldest first
 */
public record Requests(PMap<String, Long> known, PVector<String> order) {
    /** No request yet. */
    public static final Requests NONE = new Requests(HashTreePMap.empty(), TreePVector.empty());

    /** As it was stored. */
    public static Requests of(List<String> ids) {
        var all = NONE;
        for (var id : ids) {
            all = new Requests(all.known.plus(id, 0L), all.order.plus(id));
        }
        return all;
    }

    boolean has(String id) {
        return known.containsKey(id);
    }

    Requests plus(String id, long seq, int most) {
        var ids = order.plus(id);
        var all = known.plus(id, seq);
        while (ids.size() > most) {
            all = all.minus(ids.get(0));
            ids = ids.minus(0);
        }
        return new Requests(all, ids);
    }
}
