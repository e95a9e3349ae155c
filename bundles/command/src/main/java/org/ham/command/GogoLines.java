package org.ham.command;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.shell.Context;

/**
 * Runs lines in the HAM's Gogo, each once, also one that replaces what serves it: what it came to is asked for again then. Variables
 * live as long as the connection, which is from the first line to the last or to the next such line. Confined to one thread.
 */
final class GogoLines implements AutoCloseable {
    /** How often a line may be cut off. */
    private static final int MOST = 20;

    private final Context context;
    private final Link link;
    private Line line;

    /** Connects; throws {@code NOT_CONNECTED} when there is no HAM. */
    GogoLines(Context context) {
        this.context = context;
        link = new Link(Instance.at(context.runDir()));
        line = link.connect();
    }

    /** Runs one, prints what it prints, and returns its exit code. */
    int run(String text) {
        var request = new JsonObject();
        request.addProperty("gogo", text);
        request.addProperty("id", UUID.randomUUID().toString());
        var print = new Print(context);
        for (var tries = 0; tries < MOST; tries++) {
            try {
                print.fromTheStart();
                return line.exchange(request.toString(), print::take);
            } catch (IOException e) {
                if (!(e instanceof NotTakenException)) {
                    request.addProperty("again", true);
                }
                line.close();
                line = link.connect();
            }
        }
        throw new HamException(Code.FAILED, "the HAM goes away whenever it is asked what this line came to");
    }

    @Override
    public void close() {
        line.close();
    }

    /** Prints what was not printed yet: who is cut off gets all of it again. */
    private static final class Print {
        private final Context context;
        private final Map<String, Integer> printed = new HashMap<>();
        private final Map<String, Integer> come = new HashMap<>();

        Print(Context context) {
            this.context = context;
        }

        void fromTheStart() {
            come.clear();
        }

        void take(String kind, String text) {
            var before = come.getOrDefault(kind, 0);
            var known = printed.getOrDefault(kind, 0);
            come.put(kind, before + text.length());
            if (before + text.length() > known) {
                printed.put(kind, before + text.length());
                writer(kind).print(text.substring(Math.max(0, known - before)));
                writer(kind).flush();
            }
        }

        private PrintWriter writer(String kind) {
            return kind.equals("out") ? context.out() : context.err();
        }
    }
}
