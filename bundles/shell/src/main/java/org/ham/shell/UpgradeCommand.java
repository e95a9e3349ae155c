package org.ham.shell;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ham upgrade}: begins to replace HAM and Guardian by those of another distribution. */
@CommandLine.Command(
        name = "upgrade",
        description =
                "Replaces HAM and Guardian by those of another distribution, while they supervise. What they watch is not"
                        + " touched. If the new one does not come up or fails soon, the old one goes on.")
public class UpgradeCommand extends Command {
    @Parameters(paramLabel = "DISTRIBUTION", description = "the folder of the new distribution")
    Path distribution = Path.of("");

    @Option(
            names = "--java-home",
            paramLabel = "DIR",
            description = "the JDK for the new one (default: the one it finds itself)")
    @Nullable
    Path javaHome;

    @Override
    protected int run(Context context) {
        var pid = begin(context);
        return done(
                context,
                "",
                "process " + pid + " of " + distribution + " gets ready; how it goes on: ham events --follow");
    }

    /** The folder of the new distribution, as it was named. */
    protected final Path distribution() {
        return distribution;
    }

    /** The JDK that was named. */
    protected final Optional<Path> javaHome() {
        return Optional.ofNullable(javaHome);
    }

    private long begin(Context context) {
        return context.requireHam()
                .upgrade(
                        context.directory().resolve(distribution).normalize(),
                        javaHome().map(home -> context.directory().resolve(home).normalize()),
                        context.actor());
    }
}
