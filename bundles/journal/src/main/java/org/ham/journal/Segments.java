package org.ham.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How the files of a journal are named. */
final class Segments {
    static final String SNAPSHOT = "snapshot";
    static final String PREDECESSOR = "snapshot.1";
    static final String SNAPSHOT_TMP = "snapshot.tmp";
    static final String SEGMENT_TMP = "segment.tmp";
    static final String UNREADABLE = ".unreadable";

    private static final Pattern NAME = Pattern.compile("(\\d{20})\\.log");

    private Segments() {}

    /** The file whose first line has this number. */
    static Path path(Path dir, long firstSeq) {
        return dir.resolve(name(firstSeq));
    }

    static String name(long firstSeq) {
        return String.format(Locale.ROOT, "%020d.log", firstSeq);
    }

    /** The first lines of all segments in a folder, in order. */
    static List<Long> list(Disk disk, Path dir) throws IOException {
        return disk.list(dir).stream()
                .map(NAME::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(m -> parse(m.group(1)))
                .filter(first -> first > 0)
                .sorted()
                .toList();
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
