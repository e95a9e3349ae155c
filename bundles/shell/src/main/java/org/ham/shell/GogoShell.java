package org.ham.shell;

import java.io.PrintStream;
import org.ham.api.Actor;

/** Opens Gogo sessions; there is one only where Gogo is installed. Nothing of Gogo's shows in it. */
interface GogoShell {
    /** A session whose commands print there and act for that user. */
    Session open(PrintStream out, PrintStream err, Actor actor);

    /** Runs lines one after the other; its variables live as long. Confined to one thread. */
    interface Session extends AutoCloseable {
        /**
         * Runs a line and prints what it evaluates to.
         *
         * @return the exit code
         */
        int run(String line);

        @Override
        void close();
    }
}
