package org.ham.guardian;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.spi.Mirror;

/** Keeps what it is told. Thread-safe. */
final class FakeMirror implements Mirror {
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile boolean stopping;
    volatile boolean caughtUp = true;

    @Override
    public long seq() {
        return 7;
    }

    @Override
    public boolean caughtUp() {
        return caughtUp;
    }

    @Override
    public void guardianStarted(long pid) {
        told.add("started " + pid);
    }

    @Override
    public void guardianReady(long pid) {
        told.add("ready " + pid);
    }

    @Override
    public void guardianFailed(long pid, String why) {
        told.add("failed " + pid + ": " + why);
    }

    @Override
    public void alarm(String source, String text) {
        told.add("alarm: " + text);
    }

    @Override
    public void signalled(String source, String entity, long pid, String signal, String why) {}

    @Override
    public boolean stopping() {
        return stopping;
    }
}
