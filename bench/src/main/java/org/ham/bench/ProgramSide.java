package org.ham.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/** A supervisor that is one program and takes the number of children and their command as arguments. */
final class ProgramSide implements Side {
    private final Children children;
    private final Process supervisor;

    /** Starts it; some or all children may not run yet. */
    ProgramSide(List<String> program, Children children, int count) {
        this.children = children;
        var words = new ArrayList<>(program);
        words.add(String.valueOf(count));
        words.addAll(children.command());
        try {
            supervisor = new ProcessBuilder(words)
                    .redirectOutput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Children children() {
        return children;
    }

    @Override
    public void close() {
        supervisor.destroyForcibly().onExit().join();
        children.close();
    }
}
