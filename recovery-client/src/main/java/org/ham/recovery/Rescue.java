package org.ham.recovery;

import java.io.Closeable;
import java.io.IOException;
import org.ham.recovery.Line.Current;

/** Decides whether a failure is one to recover from, and has the recovery function do it. Thread-safe. */
final class Rescue<C extends Closeable> {
    private final Line<C> line;
    private final Attachment<C> attachment;

    Rescue(Line<C> line, Attachment<C> attachment) {
        this.line = line;
        this.attachment = attachment;
    }

    /** Returns when the connection is back, or throws the failure. */
    void recover(Connection<C> connection, Current<C> failed, IOException failure) throws IOException {
        var known = attachment.record();
        if (known.isEmpty() || !isToRecover(connection, known.get(), failed, failure)) {
            throw failure;
        }
        var noticed = known.get().reports().met();
        if (!isBack(connection, failed, failure, noticed)) {
            throw failure;
        }
    }

    private boolean isToRecover(
            Connection<C> connection, RecoveryRecord<C> record, Current<C> failed, IOException failure) {
        // What another thread's recovery took away may fail with anything.
        var lost = !failed.ready()
                || line.current().generation() != failed.generation()
                || line.target.lost().test(failure);
        return lost
                && !(failure instanceof RecoveryException)
                && !line.isRecoveredByMe()
                && isWanted(connection, record);
    }

    private static boolean isWanted(Connection<?> connection, RecoveryRecord<?> record) {
        return !record.isSuspended()
                && connection.isOpen()
                && !Thread.currentThread().isInterrupted();
    }

    /** Recovers, unless another thread has; false when there is nothing to go on with. */
    private boolean isBack(Connection<C> connection, Current<C> failed, IOException failure, long noticed) {
        try {
            if (!line.begin(failed.generation())) {
                return true;
            }
        } catch (RecoveryException e) {
            failure.addSuppressed(e);
            return false;
        }
        RecoveryRecord<C> record;
        try {
            // Asked again: it may have been detached, suspended or exhausted while another thread recovered.
            record = attachment.required();
            if (!isWanted(connection, record)) {
                line.end(false);
                return false;
            }
            record.begin(line.target.name());
        } catch (RecoveryException e) {
            line.end(false);
            failure.addSuppressed(e);
            attachment.record().ifPresent(known -> known.reports().refused(generation(), e));
            return false;
        }
        record.reports().begun(generation(), noticed, failure);
        return isRecovered(connection, record, failure);
    }

    private boolean isRecovered(Connection<C> connection, RecoveryRecord<C> record, IOException failure) {
        var done = false;
        Throwable why = failure;
        try {
            record.recovery().recover(connection, failure);
            record.recovered();
            done = true;
        } catch (IOException | RuntimeException e) {
            why = e;
            if (e != failure) {
                failure.addSuppressed(e);
            }
        } finally {
            line.end(done);
            if (done) {
                record.reports().recovered(generation());
            } else {
                record.reports().failed(generation(), why);
            }
        }
        return done;
    }

    private long generation() {
        return line.current().generation();
    }
}
