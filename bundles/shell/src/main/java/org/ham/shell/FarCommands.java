package org.ham.shell;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.CommandRunner;
import org.ham.spi.Supervisor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Carries out commands for other nodes: {@code ham --node}. Paths are relative to the root, as theirs mean nothing here. Thread-safe. */
@Component(service = CommandRunner.class)
public final class FarCommands implements CommandRunner {
    /** How much one may print, in characters: it is one line on the way. */
    static final int MOST = 2 << 20;

    private final Supervisor ham;
    private final Path runDir;
    private final Commands commands = Commands.served();

    /** Made by Declarative Services. */
    @Activate
    public FarCommands(@Reference Supervisor ham, BundleContext context) {
        this(ham, RunDirs.resolve(Optional.ofNullable(context.getProperty("ham.run.dir")), System.getenv()));
    }

    FarCommands(Supervisor ham, Path runDir) {
        this.ham = ham;
        this.runDir = runDir;
    }

    @Override
    public Answer run(List<String> words, Actor actor) {
        var out = new Bounded();
        var err = new Bounded();
        var exit = commands.executeHere(
                words,
                new Context(Optional.of(ham), runDir, Path.of("/"), actor, new PrintWriter(out), new PrintWriter(err)));
        if (out.over || err.over) {
            throw new HamException(
                    Code.LIMIT,
                    "this prints more than " + MOST
                            + " characters, the most that is sent to another node; ask for less,"
                            + " such as with --limit or --since");
        }
        return new Answer(out.text.toString(), err.text.toString(), exit);
    }

    /** Keeps what is written, up to a limit. */
    private static final class Bounded extends Writer {
        private final StringBuilder text = new StringBuilder();
        private boolean over;

        @Override
        public void write(char[] characters, int offset, int length) {
            over |= length > MOST - text.length();
            if (!over) {
                text.append(characters, offset, length);
            }
        }

        @Override
        public void flush() {
            // There is nothing behind it.
        }

        @Override
        public void close() {
            // Nor anything to close.
        }
    }
}
