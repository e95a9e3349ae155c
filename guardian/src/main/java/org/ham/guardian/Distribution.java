package org.ham.guardian;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/**
 * A folder with all of HAM.
 *
 * @param home an absolute path
 */
record Distribution(Path home) {
    private static final Path NODE = Path.of("bin", "ham-node");

    /** The one that is there; throws {@code NOT_FOUND} with what is missing. */
    static Distribution at(Path home) {
        var distribution = new Distribution(home.toAbsolutePath().normalize());
        var node = distribution.node();
        if (!Files.isExecutable(node)) {
            throw new HamException(
                    Code.NOT_FOUND,
                    "no distribution of HAM in " + home + ": " + node + " is "
                            + (Files.exists(node) ? "not executable" : "not there"));
        }
        for (var folder : List.of("bundles", "lib")) {
            if (!Files.isDirectory(distribution.home.resolve(folder))) {
                throw new HamException(
                        Code.NOT_FOUND, "no whole distribution of HAM in " + home + ": it has no folder " + folder);
            }
        }
        return distribution;
    }

    /** The one whose nodes a command starts; throws {@code INVALID} when it is a command of the user's own. */
    static Distribution of(List<String> command) {
        var program = command.isEmpty() ? Path.of("") : Path.of(command.getFirst());
        if (!program.isAbsolute() || !program.endsWith(NODE)) {
            throw new HamException(
                    Code.INVALID,
                    "HAM starts its Guardian by a command of its own (guardian.command: "
                            + (command.isEmpty() ? "none" : String.join(" ", command))
                            + ") and cannot know how the new distribution is started; stop HAM and start the new one");
        }
        return new Distribution(program.resolve("../..").normalize());
    }

    private Path node() {
        return home.resolve(NODE);
    }

    /** A command that starts a node of another distribution, for one of this. */
    List<String> command(List<String> before) {
        var command = new ArrayList<>(before);
        command.set(0, node().toString());
        // It looks itself which newer bundles there are.
        command.removeIf(word -> word.startsWith("-Dham.bundles.own="));
        return command;
    }

    @Override
    public String toString() {
        return home.toString();
    }
}
