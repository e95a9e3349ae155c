package org.ham.detector.notify;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the run-dir. Stateless. */
final class RunDirs {
    private RunDirs() {}

    /** As the core does, which tells it to the processes it starts. */
    static Path of(Function<String, @Nullable String> properties, Map<String, String> environment) {
        var given = properties.apply("ham.run.dir");
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        var own = environment.get("XDG_RUNTIME_DIR");
        return "root".equals(System.getProperty("user.name")) || own == null || own.isBlank()
                ? Path.of("/run/ham")
                : Path.of(own, "ham");
    }
}
