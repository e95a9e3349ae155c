package org.ham.recovery;

import static java.util.Objects.requireNonNull;
import static org.ham.recovery.RecoveryException.refused;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ham.recovery.Line.Current;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A connection that can be brought back while it keeps its identity: the original's {@code coid} with its entry in the library's
 * table. With a recovery function attached it is <em>HA-aware</em>. Thread-safe.
 *
 * <p>{@link #call} carries out an operation. If it fails with an error that means a lost connection, the recovery function is called
 * on the same thread and the operation carried out again as its {@link Replay} allows. Recoveries of one connection and its duplicates
 * are serialised: of two threads that fail at once one recovers, the other waits and goes on with what came back. An interrupted
 * thread recovers nothing.
 *
 * @param <C> what it goes through
 */
public final class Connection<C extends Closeable> implements Closeable {
    private final Line<C> line;
    private final Attachment<C> attachment;
    private final Rescue<C> rescue;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Connection(Line<C> line, Attachment<C> attachment) {
        this.line = line;
        this.attachment = attachment;
        this.rescue = new Rescue<>(line, attachment);
    }

    /** Opens the target, without a recovery function. The original's plain {@code open} or {@code ConnectAttach}. */
    public static <C extends Closeable> Connection<C> plain(Target<C> target) throws IOException {
        return new Connection<>(new Line<>(target), Attachment.none(target.name()));
    }

    /**
     * Opens the target and attaches a recovery function. The original's {@code ha_open}, {@code ha_ConnectAttach} and their like. The
     * first opening is not recovered.
     */
    public static <C extends Closeable> Connection<C> open(Target<C> target, Recovery<C> recovery) throws IOException {
        var attachment = Attachment.of(target.name(), recovery);
        return new Connection<>(new Line<>(target), attachment);
    }

    /** Makes it HA-aware: {@code ha_attach}. {@link Code#EXISTS} when it is, {@link Code#CLOSED} after {@link #close}. */
    public void attach(Recovery<C> recovery) throws RecoveryException {
        requireNonNull(recovery, "recovery");
        requireOpen();
        attachment.attach(recovery);
    }

    /**
     * Makes it HA-aware or gives it another function, also to its duplicates; limits and counters stay: {@code ha_attach} with
     * {@code HAREPLACERECOVERYFN}. {@link Code#CLOSED} after {@link #close}.
     */
    public void replace(Recovery<C> recovery) throws RecoveryException {
        requireNonNull(recovery, "recovery");
        requireOpen();
        attachment.replace(recovery);
    }

    /**
     * Makes it a plain connection again, which stays open; its duplicates stay as they are: {@code ha_detach}.
     * {@link Code#NOT_ATTACHED} when it is plain.
     */
    public void detach() throws RecoveryException {
        attachment.detach();
    }

    /**
     * A second handle for the same, with the same recovery record: what is changed through one is changed for both:
     * {@code ha_dup}. What they go through is closed with the last of them. {@link Code#NOT_ATTACHED} when this one is plain,
     * {@link Code#CLOSED}, {@link Code#TOO_MANY} from 65,536 handles on.
     */
    public Connection<C> dup() throws RecoveryException {
        requireOpen();
        var shared = attachment.required();
        line.share();
        return new Connection<>(line, Attachment.shared(name(), shared));
    }

    /**
     * How often the recovery function may be called over the life, for this and its duplicates: {@code HA_RECOVERY_ACOUNT}.
     * Negative, as at first, is without limit. {@link Code#NOT_ATTACHED} when it is plain, as all settings below.
     */
    public void limitOverLife(int most) throws RecoveryException {
        attachment.required().mostRecoveries(most);
    }

    /**
     * How often the recovery function may be called before an operation succeeds again: {@code HA_RECOVERY_ICOUNT}. Negative, as
     * at first, is without limit.
     */
    public void limitPerFailure(int most) throws RecoveryException {
        attachment.required().mostTries(most);
    }

    /** Lets errors through without recovery: {@code HA_RECOVERY_SUSPEND}. */
    public void suspend() throws RecoveryException {
        attachment.required().suspend(true);
    }

    /** Recovers again: {@code HA_RECOVERY_ENABLE}. */
    public void enable() throws RecoveryException {
        attachment.required().suspend(false);
    }

    /** Zeroes what the limit per failure holds against: {@code HA_RECOVERY_RESET_ICOUNT}. */
    public void resetTries() throws RecoveryException {
        attachment.required().resetTries();
    }

    /** Zeroes what the limit over the life holds against: {@code HA_RECOVERY_RESET_ACOUNT}. */
    public void resetRecoveries() throws RecoveryException {
        attachment.required().resetRecoveries();
    }

    /** What has been counted, for this and its duplicates. */
    public Counters counters() throws RecoveryException {
        return attachment.required().counters();
    }

    /** What has happened so far, to this and its duplicates. {@link Code#NOT_ATTACHED} when it is plain. */
    public Statistics statistics() throws RecoveryException {
        return attachment.required().reports().statistics();
    }

    /**
     * Has a listener told what happens to this and its duplicates, until the returned is closed. {@link Code#NOT_ATTACHED} when it
     * is plain, {@link Code#TOO_MANY} from 64 listeners on.
     */
    public RecoveryListener.Registration listen(RecoveryListener listener) throws RecoveryException {
        return attachment.required().reports().listen(listener);
    }

    /** Closes what it goes through and opens the target again, under the same identity: {@code ha_reopen}. */
    public void reopen() throws IOException {
        reopen(line.target.opener());
    }

    /**
     * The same to another place, this once: {@code ha_reopen} with another path, {@code ha_ReConnectAttach}. For the recovery
     * function; elsewhere it waits for a recovery that is under way. An exception of the opener comes through; operations then start
     * with a recovery.
     */
    public void reopen(Opener<? extends C> opener) throws IOException {
        requireOpen();
        var reports = attachment.record().map(RecoveryRecord::reports);
        reports.ifPresent(Reports::attempted);
        try {
            if (line.reopen(opener)) {
                reports.ifPresent(Reports::reopened);
            }
        } catch (IOException e) {
            reports.ifPresent(known -> known.attemptFailed(generation(), e));
            throw e;
        }
    }

    /** What it goes through now. For the recovery function, which rebuilds state there, and to look at; it may be lost any time. */
    public C resource() {
        return line.current().resource();
    }

    /** Counts up each time it is brought back or opened again; state on the other side belongs to one generation. */
    public long generation() {
        return line.current().generation();
    }

    /** The target's name. */
    public String name() {
        return line.target.name();
    }

    /**
     * Carries out an operation and sends it again after a recovery, as the original does: at least once.
     *
     * @see #call(Replay, Operation)
     */
    public <T> T call(Operation<? super C, T> operation) throws IOException {
        return call(Replay.AT_LEAST_ONCE, operation);
    }

    /**
     * Carries out an operation; when the connection is lost, recovers it and carries the operation out again if it may.
     *
     * @return what the operation returns
     * @throws RecoveryException {@link Code#CLOSED}, {@link Code#NOT_REPEATED}, or {@link Code#BUSY} and {@link Code#INTERRUPTED} while
     *     waiting for another thread's recovery; the outcome says whether the operation may have happened
     * @throws IOException what the operation failed with, if that means no loss, the connection is plain or suspended, or the
     *     recovery failed or reached a limit, which then is its suppressed exception
     */
    public <T> T call(Replay replay, Operation<? super C, T> operation) throws IOException {
        // What it failed with first: from then on it may have been carried out, whatever comes afterwards.
        IOException begun = null;
        while (true) {
            var now = settledIfOpen(begun);
            IOException failure;
            if (now.ready()) {
                try {
                    var result = operation.on(now.resource());
                    operated();
                    return result;
                } catch (IOException e) {
                    failure = e;
                    begun = begun == null ? e : begun;
                }
            } else {
                failure = begun == null ? new ClosedChannelException() : begun;
            }
            recover(now, failure);
            if (replay == Replay.AT_MOST_ONCE && begun != null) {
                throw new RecoveryException(
                        Code.NOT_REPEATED,
                        Outcome.MAYBE_DONE,
                        name()
                                + ": recovered, but the operation that failed may have been carried out and is not repeated",
                        begun);
            }
        }
    }

    private Current<C> settledIfOpen(@Nullable IOException begun) throws RecoveryException {
        try {
            requireOpen();
        } catch (RecoveryException e) {
            throw e.after(begun);
        }
        return settled(begun);
    }

    /** What is in use once no recovery is under way, for an operation that has begun, and failed, or not. */
    Current<C> settled(@Nullable IOException begun) throws RecoveryException {
        try {
            return line.settled();
        } catch (RecoveryException e) {
            throw e.after(begun);
        }
    }

    /** An operation has succeeded. */
    void operated() {
        attachment.operated();
    }

    /** Brings the connection back, or throws the failure. */
    void recover(Current<C> failed, IOException failure) throws IOException {
        rescue.recover(this, failed, failure);
    }

    Line<C> line() {
        return line;
    }

    /** Whether {@link #close} was not called yet. */
    public boolean isOpen() {
        return !closed.get();
    }

    /** Detaches and closes it, and with the last duplicate what it goes through: {@code ha_close}, {@code ha_ConnectDetach}. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            attachment.clear();
            line.release();
        }
    }

    private void requireOpen() throws RecoveryException {
        if (closed.get()) {
            throw refused(Code.CLOSED, name() + ": is closed");
        }
    }
}
