package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;
import org.ham.core.engine.State;
import org.jspecify.annotations.Nullable;

/**
 * Puts states into words beside everything else, one at a time: with ten thousand entities that takes half a second, in which the core
 * loop would supervise nothing. Confined to the core loop, but for the work itself.
 */
final class Snapshots {
    private static final Logger LOG = System.getLogger(Snapshots.class.getName());
    private static final long AGAIN_NANOS = 10_000_000_000L;

    private final Workers workers;
    private final Function<State, String> codec;
    private final Runnable done;
    private @Nullable Work work;
    private long notBefore = Long.MIN_VALUE;
    private String trouble = "";

    /**
     * Has nothing to do yet.
     *
     * @param done told on any thread that {@link #take} has something
     */
    Snapshots(Workers workers, Runnable done) {
        this(workers, StateCodec::write, done);
    }

    Snapshots(Workers workers, Function<State, String> codec, Runnable done) {
        this.workers = workers;
        this.codec = codec;
        this.done = done;
    }

    /**
     * A state in words.
     *
     * @param seq its last line
     */
    record Words(long seq, String text) {}

    /** One that is under way, or finished. Written by whoever does it, read by the core loop. */
    private static final class Work {
        private volatile @Nullable Words words;
        private volatile @Nullable Throwable failure;
    }

    /** Whether another one may begin. */
    boolean isFree(long now) {
        return work == null && now >= notBefore;
    }

    void begin(State state) {
        var begun = new Work();
        work = begun;
        workers.start("ham-snapshot", () -> {
            try {
                begun.words = new Words(state.seq(), codec.apply(state));
            } catch (RuntimeException | Error e) {
                // Such as of a heap that is too small for the words: supervision goes on.
                begun.failure = e;
            }
            done.run();
        });
    }

    /** Takes no notice of the one that is under way. */
    void drop() {
        work = null;
    }

    /** What is finished, once. After one that failed there is {@link #trouble}, and another one may begin ten seconds later. */
    Optional<Words> take(long now) {
        var current = work;
        if (current == null) {
            return Optional.empty();
        }
        var failure = current.failure;
        var words = current.words;
        if (failure != null) {
            LOG.log(Level.ERROR, "A state cannot be put into words", failure);
            notBefore = now + AGAIN_NANOS;
            trouble = "no snapshot can be made: " + failure + "; the journal grows until that works";
            work = null;
        }
        if (words != null) {
            trouble = "";
            work = null;
        }
        return Optional.ofNullable(words);
    }

    /** What is wrong, for people; empty when nothing is. */
    Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }
}
