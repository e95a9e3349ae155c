package org.ham.guardian;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.api.Actor;
import org.ham.api.Upgrade;
import org.ham.spi.Mirror;
import org.jspecify.annotations.Nullable;

/** Keeps what it is told. Thread-safe. */
final class FakeMirror implements Mirror {
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile boolean stopping;
    volatile boolean caughtUp = true;
    volatile long leader;
    volatile long guardian;
    volatile @Nullable Upgrade upgrade;

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

    @Override
    public long leader() {
        return leader;
    }

    @Override
    public long guardian() {
        return guardian;
    }

    @Override
    public Optional<Upgrade> upgrade() {
        return Optional.ofNullable(upgrade);
    }

    @Override
    public void upgrading(Upgrade begun, Actor actor) {
        upgrade = begun;
        told.add("upgrading from " + begun.from() + " to " + begun.to() + " by " + begun.candidate());
    }

    @Override
    public void upgradeEnded(String why) {
        upgrade = null;
        told.add(why.isEmpty() ? "upgraded" : "upgrade failed: " + why);
    }

    @Override
    public void handOver(long successor, Runnable last) {
        last.run();
        told.add("handed over to " + successor);
    }
}
