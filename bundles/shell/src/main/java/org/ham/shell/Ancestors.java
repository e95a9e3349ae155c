package org.ham.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Who started a process. */
final class Ancestors {
    private static final Pattern PARENT = Pattern.compile("(?m)^PPid:\\s*(\\d+)$");

    /** A longer line of ancestors is a circle that came of pids being used anew while it was read. */
    private static final int MOST = 64;

    private Ancestors() {}

    /** A process, its parent, that one's parent, and so on; as far as it can be told. */
    static List<Long> of(long pid) {
        var line = new ArrayList<Long>();
        for (var each = pid; each > 0 && line.size() < MOST; each = parent(each)) {
            line.add(each);
        }
        return line;
    }

    private static long parent(long pid) {
        try {
            var match = PARENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
            return match.find() ? Long.parseLong(match.group(1)) : 0;
        } catch (IOException _) {
            return 0; // it has ended
        }
    }
}
