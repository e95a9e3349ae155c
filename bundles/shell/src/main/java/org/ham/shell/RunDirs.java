package org.ham.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** Where a HAM has its files when nobody says otherwise. */
public final class RunDirs {
    private RunDirs() {}

    /**
     * The run-dir: the one named, or {@code HAM_RUN_DIR}, or {@code /run/ham} for root, or {@code ham} in {@code
     * XDG_RUNTIME_DIR}.
     *
     * @throws HamException {@code INVALID} when nothing tells
     */
    public static Path resolve(Optional<String> named, Map<String, String> environment) {
        if (named.filter(String::isBlank).isPresent()) {
            throw new HamException(Code.INVALID, "--run-dir is empty; name the folder of the HAM that is meant");
        }
        return named.or(() -> variable(environment, "HAM_RUN_DIR"))
                .map(Path::of)
                .or(() -> uid() == 0 ? Optional.of(Path.of("/run/ham")) : Optional.empty())
                .or(() -> variable(environment, "XDG_RUNTIME_DIR").map(dir -> Path.of(dir, "ham")))
                .map(path -> path.toAbsolutePath().normalize())
                .orElseThrow(() -> new HamException(
                        Code.INVALID,
                        "which run-dir? Give --run-dir DIR or set HAM_RUN_DIR; XDG_RUNTIME_DIR is not set"));
    }

    /** The user this process runs as. */
    public static long uid() {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self", e);
        }
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
