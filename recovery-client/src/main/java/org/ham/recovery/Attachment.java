package org.ham.recovery;

import static java.util.Objects.requireNonNull;
import static org.ham.recovery.RecoveryException.refused;

import java.io.Closeable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.ham.recovery.RecoveryException.Code;

/** Whether a connection is HA-aware, and what the library then knows of how to recover it: one entry of the original's table. Thread-safe. */
final class Attachment<C extends Closeable> {
    private final String name;
    private final AtomicReference<Optional<RecoveryRecord<C>>> known;

    private Attachment(String name, Optional<RecoveryRecord<C>> known) {
        this.name = name;
        this.known = new AtomicReference<>(known);
    }

    static <C extends Closeable> Attachment<C> none(String name) {
        return new Attachment<>(name, Optional.empty());
    }

    static <C extends Closeable> Attachment<C> of(String name, Recovery<C> recovery) {
        return shared(name, fresh(name, recovery));
    }

    /** For a duplicate. */
    static <C extends Closeable> Attachment<C> shared(String name, RecoveryRecord<C> record) {
        return new Attachment<>(name, Optional.of(record));
    }

    private static <C extends Closeable> RecoveryRecord<C> fresh(String name, Recovery<C> recovery) {
        return new RecoveryRecord<>(requireNonNull(recovery, "recovery"), new Reports(name, Ticker.SYSTEM));
    }

    void attach(Recovery<C> recovery) throws RecoveryException {
        if (!addTo(recovery)) {
            throw refused(Code.EXISTS, name + ": has a recovery function; replace or detach it");
        }
    }

    void replace(Recovery<C> recovery) throws RecoveryException {
        if (!addTo(recovery)) {
            required().recovery(recovery);
        }
    }

    private boolean addTo(Recovery<C> recovery) {
        return known.compareAndSet(Optional.empty(), Optional.of(fresh(name, recovery)));
    }

    void detach() throws RecoveryException {
        if (known.getAndSet(Optional.empty()).isEmpty()) {
            throw notAttached();
        }
    }

    /** Detaches it if it is attached. */
    void clear() {
        known.set(Optional.empty());
    }

    /** Empty when it is plain. */
    Optional<RecoveryRecord<C>> record() {
        return known.get();
    }

    RecoveryRecord<C> required() throws RecoveryException {
        return known.get().orElseThrow(this::notAttached);
    }

    private RecoveryException notAttached() {
        return refused(Code.NOT_ATTACHED, name + ": has no recovery function; attach one first");
    }

    /** An operation has succeeded. Costs two looks while nothing fails. */
    void operated() {
        var record = known.get();
        if (record.isPresent()) {
            record.get().operated();
        }
    }
}
