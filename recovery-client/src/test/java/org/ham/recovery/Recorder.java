package org.ham.recovery;

import java.util.Queue;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A log that keeps its lines; without a place for them it fails. Thread-safe when the queue is. */
record Recorder(@Nullable Queue<String> lines) implements System.Logger {
    @Override
    public String getName() {
        return "recorder";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        log(level, bundle, message, new Object[0]);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Object... parameters) {
        if (lines == null) {
            throw new IllegalStateException("the disk is full");
        }
        lines.add(level + " " + message);
    }
}
