package org.ham.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code ham} itself. */
@CommandLine.Command(
        name = "ham",
        versionProvider = RootCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Watches processes, notices at once when one dies, and carries out its recovery.",
        footer = {
            "",
            "Exit codes: 0 done; 1 the HAM refused or failed; 2 wrong usage; 3 no HAM reachable at the run-dir.",
            "Every command has --help; docs/commands.md has an example for each."
        })
final class RootCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this and end")
    boolean help;

    @Option(names = "--run-dir", paramLabel = "DIR", description = "which HAM; may also stand after the command")
    @Nullable
    String runDir;

    @Option(names = "--node", paramLabel = "NODE", description = "at the HAM of this other node; may also stand after")
    @Nullable
    String node;

    @Option(names = "--json", description = "print JSON and nothing else; may also stand after the command")
    boolean json;

    @Option(names = "--version", versionHelp = true, description = "print the version and end")
    boolean version;

    /** The version from the manifest of this bundle. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = RootCommand.class.getPackage().getImplementationVersion();
            return new String[] {"ham " + (version == null ? "0.1.0" : version)};
        }
    }
}
