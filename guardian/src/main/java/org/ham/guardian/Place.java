package org.ham.guardian;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where HAM and Guardian meet: what they were told, their folder, and what of it they share. Immutable.
 *
 * @param page closed by nobody, see there
 * @param lock its user's to close
 */
record Place(Settings settings, RunDir runDir, BeatPage page, RoleLock lock) {
    /** Opens one. */
    @FunctionalInterface
    interface Opening {
        Place open() throws IOException;
    }

    /** Reads the settings and opens what they name; an exception says what is wrong and what to do. */
    static Place open(Function<String, @Nullable String> properties, Map<String, String> environment, long pid)
            throws IOException {
        var settings = Settings.read(properties, environment);
        var runDir = RunDir.prepare(settings.runDir());
        var lock = RoleLock.open(runDir.lock());
        try {
            return new Place(settings, runDir, BeatPage.open(runDir.page(), lock, pid), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }
}
