package org.ham.api;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.HamException.Code;

/** What another node may do here. */
public enum NodeRights {
    /** Look at everything and follow the journal, change nothing. */
    OBSERVE,
    /** That, and send pulses and signals to processes here. */
    NOTIFY,
    /** Everything that root may, also have commands carried out. */
    ALL;

    /** As it is written in files and in the protocol. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a word.
     *
     * @throws HamException {@code INVALID} with the words there are
     */
    public static NodeRights parse(String word) {
        return Stream.of(values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.INVALID,
                        "rights '" + word + "': expected one of "
                                + Stream.of(values()).map(NodeRights::word).collect(Collectors.joining(", "))));
    }
}
