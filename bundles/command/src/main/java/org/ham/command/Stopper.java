package org.ham.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** Stops the two processes of a run-dir in order, and sees that they are gone. */
final class Stopper {
    private static final Duration WAIT = Duration.ofMillis(50);
    private static final int WAITS = 600;

    private final Instance instance;

    Stopper(Instance instance) {
        this.instance = instance;
    }

    /** Throws {@link HamException}: {@code NOT_CONNECTED} when none runs, others when it cannot be stopped. */
    void stop(Path directory) {
        var before = List.of(instance.hamPid(), instance.guardianPid());
        var lived = anyAlive(before);
        // Asking twice does no harm, so a lost answer is no reason to stop here.
        try {
            var answer = new Link(instance).ask(List.of("stop"), directory, true);
            if (answer.exit() != 0) {
                throw new HamException(Code.FAILED, answer.err().strip().replaceFirst("^ham: ", ""));
            }
        } catch (HamException e) {
            // It may have stopped so fast that its answer was lost.
            if (e.code() != Code.NOT_CONNECTED || !lived || anyAlive(before)) {
                throw e;
            }
        }
        for (var waits = 0; anyAlive(before) || instance.alive(); waits++) {
            if (waits >= WAITS) {
                throw new HamException(
                        Code.TIMED_OUT,
                        "the stop is recorded, but after 30 s there are still processes: HAM pid " + instance.hamPid()
                                + ", Guardian pid " + instance.guardianPid());
            }
            Pause.of(WAIT);
        }
    }

    private static boolean anyAlive(List<Long> pids) {
        return pids.stream().anyMatch(ProcFiles::alive);
    }
}
