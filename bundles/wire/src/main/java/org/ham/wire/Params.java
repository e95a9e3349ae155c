package org.ham.wire;

/**
 * The parameters of a call with one more. Immutable.
 *
 * @param params those of the method
 * @param name the name of the one more
 * @param value its value
 */
public record Params(Record params, String name, String value) {
    /** The parameters of a call with one more. */
    public static Params with(Record params, String name, String value) {
        return new Params(params, name, value);
    }
}
