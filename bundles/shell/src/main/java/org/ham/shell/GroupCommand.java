package org.ham.shell;

import picocli.CommandLine.Option;

/** A word that only leads to commands. */
abstract class GroupCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this and end")
    boolean help;
}
