package org.ham.view;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ham.spi.RunDirs;
import org.jspecify.annotations.Nullable;

/**
 * What the bundle is told by framework properties. Immutable.
 *
 * @param runDir everything the running instance owns
 * @param mount where the view is to be; empty for nowhere
 * @param asked whether somebody said where, so that it matters when it cannot be there
 */
record Settings(Path runDir, Optional<Path> mount, boolean asked) {
    /** The property that says where; {@code off} for nowhere, relative to the run-dir. */
    static final String MOUNT = "ham.view.mount";

    private static final String USUAL = "view";

    static Settings from(Function<String, @Nullable String> property, Map<String, String> environment) {
        var runDir = RunDirs.of(property, environment);
        var given = property.apply(MOUNT);
        if (given == null || given.isBlank()) {
            return new Settings(runDir, Optional.of(runDir.resolve(USUAL)), false);
        }
        return given.equals("off")
                ? new Settings(runDir, Optional.empty(), false)
                : new Settings(runDir, Optional.of(runDir.resolve(given).normalize()), true);
    }
}
