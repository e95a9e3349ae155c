package org.ham.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of action, known by its word. Plug-ins implement {@link Action} or {@link RestartAction} and register the
 * service under this type. Called from many threads at once.
 *
 * <p>Parameters are a record: each component is a parameter, written in files and commands with hyphens ({@code
 * attachPrefix} is {@code attach-prefix}). Components may be {@code String}, {@code int}, {@code long}, {@code boolean},
 * {@code Duration}, an enum, {@code List<String>} (also given as one string of words, quoted like in a shell), {@code
 * Map<String, String>}, or an {@code Optional} of one of them; what is not an {@code Optional} must be given. The
 * record's constructor checks the values and throws {@link IllegalArgumentException} with a message that begins with the
 * parameter's name.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface ActionType<P extends Record> {
    /** The word this type goes by, such as {@code notify-signal}; unique among the installed plug-ins. */
    String name();

    /** The record of its parameters; must be public. */
    Class<P> parameters();
}
