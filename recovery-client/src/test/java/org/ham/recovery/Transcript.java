package org.ham.recovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a program sees of an object, to be compared with what it sees of another. Confined to a thread. */
final class Transcript {
    /** A way of using an object, which writes down what it sees. */
    interface Script<T> {
        void run(T scene, Transcript seen) throws Exception;
    }

    /** Something that is done for its effect. */
    interface Deed {
        void run() throws Exception;
    }

    /** A script with a name to tell it from others. */
    record Case<T>(String name, Script<T> script) {
        @Override
        public String toString() {
            return name;
        }

        List<String> on(T scene) throws Exception {
            var seen = new Transcript();
            script.run(scene, seen);
            return seen.lines;
        }
    }

    private final List<String> lines = new ArrayList<>();

    void result(String what, Callable<? extends @Nullable Object> asked) {
        try {
            lines.add(what + ": " + text(asked.call()));
        } catch (NullPointerException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // Their texts are for who wrote the program, and name variables.
            lines.add(what + " fails: " + e.getClass().getName());
        } catch (Exception e) {
            lines.add(what + " fails: " + e.getClass().getName() + ": " + e.getMessage());
        }
    }

    void effect(String what, Deed deed) {
        result(what, () -> {
            deed.run();
            return "done";
        });
    }

    void add(Transcript other) {
        lines.addAll(other.lines);
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> Arrays.toString(bytes);
            case Object[] values -> Arrays.toString(values);
            default -> value.toString();
        };
    }
}
