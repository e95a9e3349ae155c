package org.ham.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.ham.api.EntityView;
import org.ham.api.ProcessId;

/**
 * Finds out whether a process was started by HAM, itself or as a child of what HAM started: by the kernel's record of parents and not
 * by what the process says. Stateless but for what it is given.
 */
final class Ancestry {
    /** How far it goes back; real programs start one another through a shell or two. */
    private static final int GENERATIONS = 16;

    private final LongUnaryOperator parent;
    private final LongFunction<Optional<ProcessId>> identify;

    /**
     * @param parent the pid of a pid's parent, 0 when there is none
     * @param identify the living process under a pid
     */
    Ancestry(LongUnaryOperator parent, LongFunction<Optional<ProcessId>> identify) {
        this.parent = parent;
        this.identify = identify;
    }

    /** The process of an entity, when a caller is it or descends from it. */
    Optional<ProcessId> within(EntityView entity, ProcessId caller) {
        if (entity.pid().isEmpty() || entity.startTime().isEmpty()) {
            return Optional.empty();
        }
        var wanted = entity.pid().getAsLong();
        var pid = caller.pid();
        for (var i = 0; i < GENERATIONS && pid > 1; i++) {
            if (pid == wanted) {
                var start = entity.startTime().getAsLong();
                return (i == 0 ? Optional.of(caller) : identify.apply(pid)).filter(p -> p.startTime() == start);
            }
            pid = parent.applyAsLong(pid);
        }
        return Optional.empty();
    }

    /** The parent by {@code /proc/PID/stat}. */
    static long parent(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The name in parentheses may hold anything.
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return 0;
        }
    }
}
