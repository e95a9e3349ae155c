package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.core.engine.State;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
    private static final long SECOND = 1_000_000_000;

    private boolean fails = true;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger told = new AtomicInteger();
    private final Workers workers = new Workers() {
        @Override
        public Runnable start(String name, Runnable what) {
            waiting.add(what);
            return () -> {};
        }

        @Override
        public Runnable after(Duration time, Runnable what) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    };
    private final Snapshots snapshots = new Snapshots(workers, told::incrementAndGet);

    @Test
    void aStateIsPutIntoWordsElsewhereAndTakenOnce() {
        var state = State.empty().skippedTo(7, 1);
        snapshots.begin(state);
        assertThat(snapshots.isFree(0)).isFalse();
        assertThat(snapshots.take(0)).isEmpty();
        assertThat(told).hasValue(0);
        waiting.remove().run();
        assertThat(told).hasValue(1);
        var words = snapshots.take(0).orElseThrow();
        assertThat(words.seq()).isEqualTo(7);
        assertThat(StateCodec.read(words.text())).isEqualTo(state);
        assertThat(snapshots.take(0)).isEmpty();
        assertThat(snapshots.isFree(0)).isTrue();
        assertThat(waiting).isEmpty();
    }

    @Test
    void oneThatIsDroppedIsNotTaken() {
        snapshots.begin(State.empty().skippedTo(7, 1));
        snapshots.drop();
        assertThat(snapshots.isFree(0)).isTrue();
        snapshots.begin(State.empty().skippedTo(8, 1));
        waiting.remove().run();
        assertThat(snapshots.take(0)).isEmpty();
        waiting.remove().run();
        assertThat(snapshots.take(0)).map(Snapshots.Words::seq).contains(8L);
    }

    @Test
    void afterOneThatFailedAnotherBeginsTenSecondsLater() {
        var snapshots = new Snapshots(
                workers,
                _ -> {
                    if (fails) {
                        throw new StackOverflowError("it has no words");
                    }
                    return "words";
                },
                told::incrementAndGet);
        snapshots.begin(State.empty());
        waiting.remove().run();
        assertThat(told).hasValue(1);
        assertThat(snapshots.trouble()).isEmpty();
        assertThat(snapshots.take(SECOND)).isEmpty();
        assertThat(snapshots.trouble()).get().asString().contains("it has no words", "the journal grows");
        assertThat(snapshots.isFree(10 * SECOND)).isFalse();
        assertThat(snapshots.isFree(11 * SECOND)).isTrue();
        fails = false;
        snapshots.begin(State.empty());
        waiting.remove().run();
        assertThat(snapshots.take(11 * SECOND)).isPresent();
        assertThat(snapshots.trouble()).isEmpty();
    }
}
