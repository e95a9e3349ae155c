package org.ham.guardian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Who has a file in its memory, as {@code /proc} tells. Stateless. */
final class Mappings {
    private static final Path PROC = Path.of("/proc");

    private Mappings() {}

    /** One process that has a file mapped, which may be this one; those of other users are not seen. */
    static OptionalLong user(Path file) throws IOException {
        var name = file.toRealPath().toString();
        // Names are bytes, and in maps of other programs they need not be text.
        var bytes = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var process : processes) {
                if (has(process.resolve("maps"), bytes)) {
                    return OptionalLong.of(
                            Long.parseLong(PROC.relativize(process).toString()));
                }
            }
        }
        return OptionalLong.empty();
    }

    private static boolean has(Path maps, String name) {
        try (var lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.endsWith(name) && line.indexOf('/') == line.length() - name.length());
        } catch (IOException | UncheckedIOException _) {
            // It has ended, or is another user's.
            return false;
        }
    }
}
