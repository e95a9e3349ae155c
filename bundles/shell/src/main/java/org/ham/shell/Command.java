package org.ham.shell;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One command: picocli fills the fields, then it runs. Made anew for every use; confined to one thread. */
public abstract class Command {
    @Spec
    CommandSpec spec;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "which HAM: its run-dir (default: HAM_RUN_DIR, else /run/ham for root and"
                    + " XDG_RUNTIME_DIR/ham for others)")
    @Nullable
    String runDir;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "at the HAM of this other node, which the HAM here knows by name")
    @Nullable
    String node;

    @Option(names = "--json", description = "print JSON and nothing else")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this and end")
    boolean help;

    /** Subclasses are filled by picocli. */
    @SuppressWarnings("NullAway") // picocli sets the fields before anything else is called
    protected Command() {}

    /** Takes over options that stood before the command. */
    final void inherit(RootCommand root) {
        json |= root.json;
        runDir = runDir == null ? root.runDir : runDir;
        node = node == null ? root.node : node;
    }

    /** Checks what picocli cannot; throws through {@link #usage}. */
    protected void check() {}

    /**
     * Does it.
     *
     * @return the exit code: 0 done, 1 failed with a message on {@code err}
     */
    protected abstract int run(Context context);

    /** Whether it changes nothing, so that it may be asked again when an answer got lost. */
    public boolean readsOnly() {
        return false;
    }

    /** Whether JSON was asked for. */
    public final boolean json() {
        return json;
    }

    /** The run-dir that was named. */
    public final Optional<String> runDir() {
        return Optional.ofNullable(runDir);
    }

    /** The word it is called by, of a group the group's. */
    public final String name() {
        return spec.qualifiedName().split(" ")[1];
    }

    /** The other node that was named. */
    public final Optional<String> node() {
        return Optional.ofNullable(node);
    }

    /** The exception for a wrong use of this command. */
    protected final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** A whole number that was typed. */
    final int number(String label, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw usage(label + ": '" + text + "' is no whole number from " + Integer.MIN_VALUE + " to "
                    + Integer.MAX_VALUE);
        }
    }

    /** Says that a change was made, or the same in JSON. */
    final int done(Context context, String path, String sentence) {
        if (json) {
            Documents.print(context.out(), Documents.done(path));
        } else {
            context.out().println(sentence);
        }
        return 0;
    }
}
