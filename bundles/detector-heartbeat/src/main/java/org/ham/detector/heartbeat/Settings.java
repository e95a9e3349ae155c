package org.ham.detector.heartbeat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
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
        return new Settings(runDir(properties.apply("ham.run.dir"), environment), word.equals("ignore"));
    }

    private static Path runDir(@Nullable String property, Map<String, String> environment) {
        if (property != null && !property.isBlank()) {
            return Path.of(property).toAbsolutePath();
        }
        var own = environment.get("XDG_RUNTIME_DIR");
        return "root".equals(System.getProperty("user.name")) || own == null || own.isBlank()
                ? Path.of("/run/ham")
                : Path.of(own, "ham");
    }
}
