package org.ham.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What this process sees mounted. Unlike looking at the place itself this never waits for a file system. Thread-safe. */
final class MountTable {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int POINT = 4;

    private MountTable() {}

    /** The type of what is mounted last on a place, such as {@code tmpfs}. */
    static Optional<String> typeAt(Path place) {
        try (BufferedReader lines = Files.newBufferedReader(TABLE, ISO_8859_1)) {
            return typeAt(place, lines);
        } catch (IOException e) {
            throw new LinuxException("cannot read " + TABLE + ": " + e.getMessage(), Errno.EIO);
        }
    }

    static Optional<String> typeAt(Path place, BufferedReader lines) throws IOException {
        // Bytes, as the table has them: a name need not be UTF-8.
        String wanted = new String(place.toString().getBytes(UTF_8), ISO_8859_1);
        Optional<String> found = Optional.empty();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int separator = line.indexOf(" - ");
            String[] fields = line.split(" ", POINT + 2);
            if (separator > 0
                    && fields.length > POINT
                    && unescaped(fields[POINT]).equals(wanted)) {
                found = Optional.of(line.substring(separator + 3).split(" ", 2)[0]);
            }
        }
        return found;
    }

    private static String unescaped(String field) {
        return OCTAL.matcher(field)
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }
}
