package org.ham.spi;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/** Finds the folder that holds everything a running instance owns. All parts of one node find the same. Stateless. */
public final class RunDirs {
    /** The framework property that names it. */
    public static final String PROPERTY = "ham.run.dir";

    private static final Path OF_ROOT = Path.of("/run/ham");

    private RunDirs() {}

    /**
     * The folder that the property names; else {@code /run/ham} for root, and {@code ham} in {@code XDG_RUNTIME_DIR} for others.
     *
     * @param properties gives framework properties, null for those that are not set
     * @return absolute and normal
     * @throws HamException {@code INVALID} when nothing tells, or it is no path
     */
    public static Path of(Function<String, @Nullable String> properties, Map<String, String> environment) {
        var given = properties.apply(PROPERTY);
        if (given != null && !given.isBlank()) {
            return path(given);
        }
        if ("root".equals(System.getProperty("user.name"))) {
            return OF_ROOT;
        }
        var own = environment.get("XDG_RUNTIME_DIR");
        if (own == null || own.isBlank()) {
            throw new HamException(Code.INVALID, PROPERTY + ": give one, as XDG_RUNTIME_DIR is not set either");
        }
        return path(own).resolve("ham");
    }

    private static Path path(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new HamException(Code.INVALID, PROPERTY + ": '" + text + "' is no path: " + e.getReason(), e);
        }
    }
}
