package org.ham.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ham.api.Actor;
import org.ham.api.Upgrade;
import org.ham.spi.Mirror;

/** Remembers the alarms that stand. Thread-safe. */
final class RecordingMirror implements Mirror {
    private final Map<String, String> alarms = new TreeMap<>();
    private final List<String> signals = new ArrayList<>();

    synchronized Map<String, String> alarms() {
        return Map.copyOf(alarms);
    }

    @Override
    public synchronized void alarm(String source, String text) {
        if (text.isEmpty()) {
            alarms.remove(source);
        } else {
            alarms.put(source, text);
        }
    }

    @Override
    public long seq() {
        return 0;
    }

    @Override
    public boolean caughtUp() {
        return true;
    }

    @Override
    public void guardianStarted(long pid) {}

    @Override
    public void guardianReady(long pid) {}

    @Override
    public void guardianFailed(long pid, String why) {}

    @Override
    public synchronized void signalled(String source, String entity, long pid, String signal, String why) {
        signals.add(source + " " + signal + " " + entity + " " + pid + ": " + why);
    }

    synchronized List<String> signals() {
        return List.copyOf(signals);
    }

    @Override
    public boolean stopping() {
        return false;
    }

    @Override
    public long leader() {
        return 0;
    }

    @Override
    public long guardian() {
        return 0;
    }

    @Override
    public Optional<Upgrade> upgrade() {
        return Optional.empty();
    }

    @Override
    public void upgrading(Upgrade upgrade, Actor actor) {}

    @Override
    public void upgradeEnded(String why) {}

    @Override
    public void handOver(long successor, Runnable last) {}
}
