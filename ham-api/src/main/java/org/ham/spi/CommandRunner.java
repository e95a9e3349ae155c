package org.ham.spi;

import java.util.List;
import org.ham.api.Actor;
import org.osgi.annotation.versioning.ProviderType;

/** Carries out commands of {@code ham} for somebody elsewhere. Thread-safe. There while this process is the HAM. */
@ProviderType
public interface CommandRunner {
    /** What came of one: what it printed, what it complained of, and its exit code. Immutable. */
    record Answer(String out, String err, int exit) {}

    /**
     * Carries out a command as it would be typed after {@code ham}. A wrong command is an answer, too.
     *
     * @throws org.ham.api.HamException {@code LIMIT} when it prints more than can be sent at once
     */
    Answer run(List<String> words, Actor actor);
}
