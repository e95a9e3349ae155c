package org.ham.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The log of a node, {@code log/ham-PID-N.log}: a file of its own for each process, because two cannot rotate one, bounded in
 * size, and of former nodes only the last ones are kept. What a human must act on goes to standard error as well.
 */
final class NodeLog {
    private static final int BYTES = 4 << 20;
    private static final int FILES = 2;
    private static final int KEPT = 10;
    private static final String PREFIX = "ham-";
    private static final String FORMAT = "%1$tF %1$tT.%1$tL %4$s %2$s: %5$s%6$s%n";

    private NodeLog() {}

    /** Sends everything that is logged from now on into the node's log. */
    static void open(NodeFolder folder) throws IOException {
        removeOld(folder.log());
        System.setProperty("java.util.logging.SimpleFormatter.format", FORMAT);
        LogManager.getLogManager().reset();
        var root = Logger.getLogger("");
        root.setLevel(Level.INFO);
        // A percent sign in the folder's name would be read as a pattern.
        var pattern = folder.log().toString().replace("%", "%%") + "/" + PREFIX + folder.pid() + "-%g.log";
        var file = new FileHandler(pattern, BYTES, FILES, true);
        file.setFormatter(new SimpleFormatter());
        root.addHandler(file);
        var console = new ConsoleHandler();
        console.setFormatter(new SimpleFormatter());
        console.setLevel(Level.SEVERE);
        root.addHandler(console);
    }

    /** Closes the log. */
    static void close() {
        LogManager.getLogManager().reset();
    }

    private static void removeOld(Path log) throws IOException {
        try (var files = Files.list(log)) {
            var old = files.filter(NodeLog::isOfDeadNode)
                    .sorted(Comparator.comparingLong(NodeLog::lastWritten).reversed())
                    .toList();
            for (var file : old.subList(Math.min(KEPT, old.size()), old.size())) {
                Files.deleteIfExists(file);
            }
            for (var file : old) {
                // Left by the logging of a node that was killed.
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lck"));
            }
        }
    }

    private static boolean isOfDeadNode(Path file) {
        var name = file.getFileName().toString();
        return name.matches(PREFIX + "\\d+-\\d+\\.log") && !NodeFolder.isAlive(name.split("-", -1)[1]);
    }

    private static long lastWritten(Path file) {
        return file.toFile().lastModified();
    }
}
