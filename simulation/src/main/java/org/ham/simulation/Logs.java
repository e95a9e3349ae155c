package org.ham.simulation;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What HAM logs while it is simulated: an error that the core or the guardian bundle reports and goes on from is a failure here;
 * the rest is dropped.
 */
final class Logs extends Handler {
    private static final Logger HAM = Logger.getLogger("org.ham");
    private static final Logs ONE = new Logs();
    private static final ThreadLocal<@Nullable World> WORLD = new ThreadLocal<>();

    static {
        HAM.setUseParentHandlers(false);
        HAM.setLevel(Level.SEVERE);
        HAM.addHandler(ONE);
    }

    /** Reports what is logged on this thread to a world, until it is closed. */
    static Handler listen(World world) {
        WORLD.set(world);
        return ONE;
    }

    @Override
    public void publish(@Nullable LogRecord line) {
        var world = WORLD.get();
        if (line == null || world == null) {
            return;
        }
        var text = String.valueOf(line.getMessage());
        // A disk that takes nothing is an error for people, and so is a bad distribution; and a node may refuse its
        // role.
        if (text.startsWith("The journal is in trouble")
                || text.startsWith("Leaving")
                || text.startsWith("Going back to the old distribution")) {
            return;
        }
        // So it is where somebody took the lock's file away and two lead in one folder.
        if (text.startsWith("This process is the HAM, but") && world.faults.twoInOneFolder) {
            return;
        }
        var thrown = line.getThrown();
        world.fail("NothingThrows", text + (thrown == null ? "" : "\n    " + Texts.of(thrown)));
    }

    @Override
    public void flush() {
        // Nothing waits.
    }

    @Override
    public void close() {
        WORLD.remove();
    }
}
