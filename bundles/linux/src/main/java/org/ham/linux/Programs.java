package org.ham.linux;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs. Thread-safe. */
final class Programs {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Programs() {}

    /**
     * The program to execute for a word: itself with a slash, else the first executable of that name in the {@code PATH}
     * of an environment. Only absolute folders count.
     *
     * @throws LinuxException {@code ENOENT} or {@code EACCES}
     */
    static String find(String word, Map<String, String> environment) {
        if (word.indexOf('/') >= 0) {
            return word;
        }
        String path = environment.getOrDefault("PATH", DEFAULT_PATH);
        Optional<Path> locked = Optional.empty();
        for (String folder : path.split(":", -1)) {
            if (!folder.startsWith("/")) {
                continue;
            }
            Path candidate = path(folder).resolve(path(word));
            if (Files.isRegularFile(candidate)) {
                if (Files.isExecutable(candidate)) {
                    return candidate.toString();
                }
                locked = locked.or(() -> Optional.of(candidate));
            }
        }
        if (locked.isPresent()) {
            throw notExecutable(locked.get());
        }
        throw new LinuxException(
                "command: there is no program '" + word + "' in the PATH (" + path + ")", Errno.ENOENT);
    }

    /** Whether what {@link #find} returned can be executed, seen from a working directory. */
    static void check(String program, Optional<Path> directory) {
        Path file = directory.map(base -> base.resolve(path(program))).orElseGet(() -> path(program));
        if (Files.isDirectory(file)) {
            throw new LinuxException("command: " + file + " is a directory, not a program", Errno.EACCES);
        }
        if (!Files.exists(file)) {
            throw new LinuxException("command: the program " + file + " does not exist", Errno.ENOENT);
        }
        if (!Files.isExecutable(file)) {
            throw notExecutable(file);
        }
    }

    private static LinuxException notExecutable(Path file) {
        return new LinuxException(
                "command: " + file + " is not executable; 'chmod +x' it, or name its interpreter first", Errno.EACCES);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new LinuxException("command: '" + text + "' is no path: " + e.getReason(), Errno.EINVAL);
        }
    }
}
