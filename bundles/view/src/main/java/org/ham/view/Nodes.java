package org.ham.view;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The numbers under which the kernel knows places, as long as it knows them. It forgets a place as soon as nobody is at it, so
 * there are as many as are being looked at. Confined to one thread.
 */
final class Nodes {
    /** The number of the top, which is never forgotten. */
    static final long TOP = 1;

    private final int most;
    private final Map<Long, Node> byNumber = new HashMap<>();
    private final Map<Place, Node> byPlace = new HashMap<>();
    private long last = TOP;

    /** A place and how often the kernel was told of it. */
    private static final class Node {
        private final long number;
        private final Place place;
        private long told;

        Node(long number, Place place) {
            this.number = number;
            this.place = place;
        }
    }

    Nodes(int most) {
        this.most = most;
    }

    /** The place with a number; empty for one that the kernel was not told or forgot. */
    Optional<Place> place(long number) {
        return number == TOP
                ? Optional.of(Place.TOP)
                : Optional.ofNullable(byNumber.get(number)).map(n -> n.place);
    }

    /** Tells the kernel the number of a place; empty when it knows too many. */
    OptionalLong tell(Place place) {
        var node = byPlace.get(place);
        if (node == null) {
            if (byNumber.size() >= most) {
                return OptionalLong.empty();
            }
            node = new Node(++last, place);
            byNumber.put(node.number, node);
            byPlace.put(place, node);
        }
        node.told++;
        return OptionalLong.of(node.number);
    }

    /** The kernel forgets a number as often as it was told it. */
    void forget(long number, long times) {
        var node = byNumber.get(number);
        if (node != null) {
            node.told -= times;
            if (node.told <= 0) {
                byNumber.remove(number);
                byPlace.remove(node.place);
            }
        }
    }

    int size() {
        return byNumber.size();
    }
}
