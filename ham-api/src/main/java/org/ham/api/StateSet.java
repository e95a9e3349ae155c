package org.ham.api;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A set of states that a state condition looks for: those listed, or with {@code inverted} all but those listed. Unlike in
 * the original, 0 is a state like any other and <em>any</em> is a set of its own. Immutable.
 *
 * @param states the listed states, at most {@value #MOST}
 * @param inverted whether those that are not listed are meant ({@code HCONDSTATEFROMINV}, {@code HCONDSTATETOINV})
 */
public record StateSet(Set<Integer> states, boolean inverted) {
    /** The most states one set may list. */
    public static final int MOST = 256;

    /** Every state ({@code CONDSTATEANY}). */
    public static final StateSet ANY = new StateSet(Set.of(), true);

    /** Copies, in order, and checks the size. */
    public StateSet {
        if (states.size() > MOST) {
            throw new HamException(
                    HamException.Code.LIMIT, "a set of " + states.size() + " states, the most is " + MOST);
        }
        states = Collections.unmodifiableSet(new TreeSet<>(states));
    }

    /** Exactly this state, 0 too. */
    public static StateSet exactly(int state) {
        return new StateSet(Set.of(state), false);
    }

    /** One of these states. */
    public static StateSet of(Set<Integer> states) {
        return new StateSet(states, false);
    }

    /** Any but these states. */
    public static StateSet not(Set<Integer> states) {
        return new StateSet(states, true);
    }

    /** The states that are the single bits of a map, as the original has them ({@code HCONDSTATEFROMSET}). */
    public static StateSet ofBits(int map) {
        var bits = new TreeSet<Integer>();
        for (var left = map; left != 0; left &= left - 1) {
            bits.add(Integer.lowestOneBit(left));
        }
        return new StateSet(bits, false);
    }

    /**
     * What is written as {@link #toString} prints it: {@code any}, {@code 1,4} or {@code not 1,4}; throws {@link
     * HamException.Code#INVALID} that says what was expected.
     */
    public static StateSet parse(String text) {
        if (text.equals("any")) {
            return ANY;
        }
        var inverted = text.startsWith("not ");
        var list = inverted ? text.substring("not ".length()) : text;
        try {
            var states = Stream.of(list.split(",", -1))
                    .map(String::strip)
                    .map(Integer::valueOf)
                    .collect(Collectors.toSet());
            return new StateSet(states, inverted);
        } catch (NumberFormatException e) {
            throw new HamException(
                    HamException.Code.INVALID,
                    "expected any, a state such as 3, several as 1,4 or all others as not 1,4; found '" + text + "'",
                    e);
        }
    }

    /** Whether a state is meant. */
    public boolean contains(int state) {
        return states.contains(state) != inverted;
    }

    /** As it is printed: {@code any}, {@code 1,4} or {@code not 1,4}. */
    @Override
    public String toString() {
        var list = states.stream().map(String::valueOf).collect(Collectors.joining(","));
        return inverted ? states.isEmpty() ? "any" : "not " + list : states.isEmpty() ? "none" : list;
    }
}
