package org.ham.detector.notify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the kernel tells of any process. Thread-safe. */
interface Proc {
    /**
     * Whose child a process is, and what it belongs to. Immutable.
     *
     * @param parent the parent's pid
     * @param group the process group
     * @param session the session
     * @param startTime when it started, in clock ticks since boot
     */
    record Kinship(long parent, long group, long session, long startTime) {}

    /** Quick, whatever the process does; empty when it is gone. */
    Optional<Kinship> kinship(long pid);

    /** What it was started with. Waits for as long as the process has its memory locked. Empty when it may not be read. */
    Map<String, String> environment(long pid);

    /** The user it runs as; -1 when it is gone. */
    long user(long pid);

    /** The real one. */
    static Proc files() {
        return new OfFiles();
    }

    /** By the files of {@code /proc}. */
    final class OfFiles implements Proc {
        private static final int STATE = 0;
        private static final int START_TIME = 19;
        private static final int MOST = 1 << 20;

        private OfFiles() {}

        private static byte[] read(long pid, String file) {
            try (var in = Files.newInputStream(Path.of("/proc/" + pid + "/" + file))) {
                return in.readNBytes(MOST);
            } catch (IOException e) {
                return new byte[0];
            }
        }

        @Override
        public Optional<Kinship> kinship(long pid) {
            var line = new String(read(pid, "stat"), ISO_8859_1);
            // The name in parentheses may hold anything.
            var fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
            return fields.length <= START_TIME || fields[STATE].equals("X")
                    ? Optional.empty()
                    : Optional.of(new Kinship(
                            Long.parseLong(fields[1]),
                            Long.parseLong(fields[2]),
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[START_TIME])));
        }

        @Override
        public Map<String, String> environment(long pid) {
            var variables = new HashMap<String, String>();
            for (var entry : new String(read(pid, "environ"), UTF_8).split("\0", -1)) {
                var equals = entry.indexOf('=');
                if (equals > 0) {
                    variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
                }
            }
            return variables;
        }

        @Override
        public long user(long pid) {
            try {
                return ((Number) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).longValue();
            } catch (IOException e) {
                return -1;
            }
        }
    }
}
