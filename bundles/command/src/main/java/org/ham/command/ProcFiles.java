package org.ham.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the client needs to know of processes, from {@code /proc}: native calls would cost it a tenth of a second. */
final class ProcFiles {
    private ProcFiles() {}

    static long ownPid() {
        try {
            return Long.parseLong(
                    Files.readSymbolicLink(Path.of("/proc/self")).getFileName().toString());
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }

    /** Whether a process is there and no zombie. */
    static boolean alive(long pid) {
        if (pid <= 0) {
            return false;
        }
        try {
            // The name in brackets may hold anything, brackets too: the state follows the last one.
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            var state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | StringIndexOutOfBoundsException _) {
            return false;
        }
    }
}
