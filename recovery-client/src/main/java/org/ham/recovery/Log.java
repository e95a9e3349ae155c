package org.ham.recovery;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What is logged of a connection, under the name {@code org.ham.recovery}: its coming back at INFO, what asks for somebody's attention
 * at WARNING, the rest at DEBUG. A connection that is lost again and again writes {@value #MOST_LINES} lines a minute, and then one that
 * says so. Thread-safe. A log that fails breaks no recovery.
 */
final class Log {
    static final int MOST_LINES = 20;

    private static final Logger LOGGER = System.getLogger("org.ham.recovery");
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final Ticker ticker;
    private final Logger logger;
    private boolean isOpen;
    private long windowBegan;
    private int lines;

    Log(String name, Ticker ticker) {
        this(name, ticker, LOGGER);
    }

    Log(String name, Ticker ticker, Logger logger) {
        this.name = name;
        this.ticker = ticker;
        this.logger = logger;
    }

    void lost(Throwable failure) {
        write(Level.INFO, "lost, recovering: " + failure);
    }

    void attemptFailed(Throwable failure) {
        write(Level.DEBUG, "not back yet: " + failure);
    }

    void recovered(Duration away) {
        write(Level.INFO, "back after " + away.toMillis() + " ms");
    }

    void failed(Throwable failure) {
        write(Level.WARNING, "not recovered, the next operation tries again: " + failure);
    }

    void refused(Throwable failure) {
        write(Level.WARNING, String.valueOf(failure.getMessage()));
    }

    void listenerFailed(RuntimeException failure) {
        write(Level.WARNING, "a recovery listener failed: " + failure);
    }

    private void write(Level level, String what) {
        try {
            if (logger.isLoggable(level)) {
                switch (permit(level)) {
                    case YES -> logger.log(level, name + ": " + what);
                    case LAST ->
                        logger.log(level, name + ": " + what + " (more follows, not logged for up to a minute)");
                    case NO -> {}
                }
            }
        } catch (RuntimeException _) {
            // There is nowhere left to say it, and the recovery matters more.
        }
    }

    private enum Permit {
        YES,
        LAST,
        NO
    }

    private synchronized Permit permit(Level level) {
        if (level == Level.DEBUG) {
            return Permit.YES;
        }
        var now = ticker.nanos();
        if (!isOpen || now - windowBegan > WINDOW) {
            isOpen = true;
            windowBegan = now;
            lines = 0;
        }
        lines = Math.min(lines + 1, MOST_LINES + 1);
        return lines < MOST_LINES ? Permit.YES : lines == MOST_LINES ? Permit.LAST : Permit.NO;
    }
}
