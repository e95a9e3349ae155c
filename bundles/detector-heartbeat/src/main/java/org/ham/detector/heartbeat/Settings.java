package org.ham.detector.heartbeat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.ham.spi.RunDirs;
import org.jspecify.annotations.Nullable;

/**
 * What the detector is told by framework properties. Immutable.
 *
 * @param runDir where the pages are
 * @param tracersExcuse whether an entity may be silent while a debugger holds it
 */
record Settings(Path runDir, boolean tracersExcuse) {
    /** Reads them; throws {@link IllegalArgumentException} that begins with the name of what is wrong. */
    static Settings read(Function<String, @Nullable String> properties, Map<String, String> environment) {
        var debugger = properties.apply("ham.heartbeat.debugger");
        var word = debugger == null || debugger.isBlank() ? "ignore" : debugger.strip();
        if (!word.equals("ignore") && !word.equals("count")) {
            throw new IllegalArgumentException(
                    "ham.heartbeat.debugger: expected ignore or count, found '" + word + "'");
        }
        return new Settings(RunDirs.of(properties, environment), word.equals("ignore"));
    }
}
