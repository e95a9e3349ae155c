package org.ham.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/**
 * Asks the HAM of a run-dir, through a takeover if need be: while one of its processes lives, a HAM that does not answer
 * is waited for. Confined to one thread.
 */
final class Link {
    private static final Duration WAIT = Duration.ofMillis(50);
    private static final int TAKEOVER_WAITS = 100;

    private final Instance instance;

    Link(Instance instance) {
        this.instance = instance;
    }

    /**
     * Has the HAM run a command.
     *
     * @param again whether it may be asked again when its answer got lost
     * @throws HamException {@code NOT_CONNECTED} when there is no HAM, {@code FAILED} when it is not known whether the
     *     HAM did it
     */
    Answer ask(List<String> words, Path directory, boolean again) {
        var argv = new JsonArray();
        words.forEach(argv::add);
        var request = new JsonObject();
        request.add("argv", argv);
        request.addProperty("directory", directory.toString());
        return ask(request.toString(), again);
    }

    private Answer ask(String request, boolean again) {
        for (var waits = 0; ; waits++) {
            try (var line = connect()) {
                try {
                    return line.exchange(request, Line.ANSWER_WITHIN);
                } catch (IOException e) {
                    if (!again && !(e instanceof NotTakenException)) {
                        throw unknown(e);
                    }
                }
            }
            if (waits >= TAKEOVER_WAITS) {
                throw new HamException(
                        Code.NOT_CONNECTED, "the HAM at " + instance.runDir() + " goes away whenever it is asked");
            }
            Pause.of(WAIT);
        }
    }

    private static HamException unknown(IOException e) {
        return new HamException(
                Code.FAILED,
                "the HAM went away before it answered (" + e.getMessage()
                        + "); whether it did this is not known. See with: ham tree",
                e);
    }

    /** An open line, waited for while a takeover may be under way. */
    Line connect() {
        for (var waits = 0; ; waits++) {
            try {
                return Line.open(instance.socket());
            } catch (IOException e) {
                if (waits >= TAKEOVER_WAITS || !instance.alive()) {
                    throw failure(e);
                }
            }
            Pause.of(WAIT);
        }
    }

    /** Whether a HAM answers right now. */
    boolean answers() {
        try (var _ = Line.open(instance.socket())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private HamException failure(IOException e) {
        return new HamException(Code.NOT_CONNECTED, why(String.valueOf(e.getMessage())), e);
    }

    private String why(String error) {
        if (error.contains("Permission denied")) {
            return "no permission for " + instance.socket() + "; only root and the HAM's own user may command it";
        }
        return instance.alive()
                ? "the HAM at " + instance.runDir() + " (pid " + instance.hamPid() + ") does not answer; see "
                        + instance.log().getParent()
                : "no HAM reachable at " + instance.runDir() + "; start one with: ham start";
    }
}
