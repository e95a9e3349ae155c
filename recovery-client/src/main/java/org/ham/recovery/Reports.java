package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.recovery.RecoveryEvent.Kind;
import org.ham.recovery.RecoveryException.Code;

/** Counts, logs and tells what happens to a connection and its duplicates. Thread-safe; does nothing while all is well. */
final class Reports {
    static final int MOST_LISTENERS = 64;

    private final String name;
    private final Tally tally;
    private final Log log;
    private final List<Audience> audiences = new CopyOnWriteArrayList<>();
    private volatile long missedByFormer;

    Reports(String name, Ticker ticker) {
        this.name = name;
        this.tally = new Tally(ticker);
        this.log = new Log(name, ticker);
    }

    /** An operation met a loss; when that was. */
    long met() {
        return tally.met();
    }

    void begun(long generation, long noticed, Throwable failure) {
        tally.begun(noticed);
        log.lost(failure);
        tell(Kind.LOST, generation, Optional.of(failure));
    }

    void attempted() {
        tally.attempted();
    }

    void attemptFailed(long generation, Throwable failure) {
        log.attemptFailed(failure);
        tell(Kind.ATTEMPT_FAILED, generation, Optional.of(failure));
    }

    void recovered(long generation) {
        tally.recovered();
        log.recovered(tally.away());
        tell(Kind.RECOVERED, generation, Optional.empty());
    }

    /** It was opened again by hand, outside of a recovery. */
    void reopened() {
        tally.back();
    }

    void failed(long generation, Throwable failure) {
        log.failed(failure);
        tell(Kind.FAILED, generation, Optional.of(failure));
    }

    void refused(long generation, RecoveryException why) {
        log.refused(why);
        if (why.code() == Code.EXHAUSTED) {
            tell(Kind.EXHAUSTED, generation, Optional.of(why));
        }
    }

    private void tell(Kind kind, long generation, Optional<Throwable> failure) {
        if (!audiences.isEmpty()) {
            var event = new RecoveryEvent(kind, name, generation, tally.away(), failure);
            audiences.forEach(audience -> audience.tell(event));
        }
    }

    synchronized RecoveryListener.Registration listen(RecoveryListener listener) throws RecoveryException {
        requireNonNull(listener, "listener");
        if (audiences.size() >= MOST_LISTENERS) {
            throw RecoveryException.refused(
                    Code.TOO_MANY, name + ": more than " + MOST_LISTENERS + " listeners; close some");
        }
        var audience = new Audience(listener, log);
        audiences.add(audience);
        return () -> leave(audience);
    }

    private synchronized void leave(Audience audience) {
        if (audiences.remove(audience)) {
            audience.close();
            missedByFormer += audience.missed();
        }
    }

    synchronized Statistics statistics() {
        return tally.statistics(
                missedByFormer + audiences.stream().mapToLong(Audience::missed).sum());
    }
}
