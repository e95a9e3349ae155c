package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ham.api.Actor;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.core.engine.Limits;
import org.ham.journal.Batch;
import org.ham.journal.Journal;
import org.ham.journal.JournalSettings;
import org.ham.journal.JournalWriter;
import org.ham.journal.Position;
import org.ham.journal.StaleEpochException;
import org.ham.spi.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    private final Engine engine = new Engine(Limits.DEFAULT);
    private final Queue<Request> mailbox = new ConcurrentLinkedQueue<>();
    private long now = SECOND;

    private Host machine() {
        var clock = (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (_, method, _) -> switch (method.getName()) {
                    case "monotonic" -> now;
                    case "now" -> Instant.EPOCH.plusNanos(now);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
        return new RehearsedMachine(clock);
    }

    private Journal journal() {
        return Journal.at(folder, JournalSettings.of("boot"));
    }

    private Leader lead(Follower follower, JournalWriter writer) {
        var plugins = new Plugins(Returning.NEVER, 0);
        var leader = new Leader(
                machine(),
                engine,
                new ActionRunner(plugins, 1, () -> 0, _ -> {}),
                new Monitors(),
                new Environs(),
                new Members(),
                writer,
                follower,
                mailbox,
                _ -> {},
                folder.toString());
        leader.begin(new Input.Led("took-over", 2, 1, "word"));
        return leader;
    }

    private Leader lead() {
        var follower = new Follower(machine(), journal(), engine, _ -> {});
        follower.finish();
        return lead(
                follower, journal().write(follower.reader(), follower.state().epoch() + 1));
    }

    @Test
    void anAlarmOfTheHamBeforeIsEndedWhenItsTroubleIsOver() {
        var first = lead();
        first.offer(new Input.Alarm("journal", "the disk is full"));
        // It dies before the alarm is over: the journal keeps it.
        first.nextTurn();
        first.begin(new Input.Led("took-over", 2, 1, "word"));
        assertThat(first.state().alarms()).containsKey("journal");

        var next = lead();
        next.turn();
        // Whoever takes over from this one within that time has to doubt as well.
        assertThat(next.state().alarms()).containsKey("journal");
        assertThat(next.nextTurn()).isLessThanOrEqualTo(now + 10 * SECOND);
        now += 10 * SECOND;
        next.turn();
        assertThat(next.state().alarms()).isEmpty();
        next.close();
    }

    /** Such as why it hands back after an upgrade. */
    @Test
    void whatWasReportedBeforeAHandOverComesBeforeIt() {
        var leader = lead();
        mailbox.add(new Request(new Input.Alarm("upgrade", "it is not whole"), Actor.part("guardian"), null));
        assertThat(leader.handOver(7)).isTrue();
        assertThat(leader.state().alarms()).containsKey("upgrade");
        mailbox.add(new Request(new Input.Alarm("late", "too late"), Actor.part("guardian"), null));
        leader.turn();
        assertThat(leader.state().alarms()).doesNotContainKey("late");
        assertThat(leader.handOver(8)).isFalse();
        leader.close();
    }

    @Test
    void whoIsReplacedWhileLinesWaitInMemoryEndsItself() {
        var follower = new Follower(machine(), journal(), engine, _ -> {});
        var leader = lead(follower, new ReplacedWriter());
        assertThatThrownBy(leader::turn).isInstanceOf(Error.class).hasMessageContaining("another HAM has taken over");
    }

    /** A writer whose lines wait in memory, and that another has shut out meanwhile. */
    private static final class ReplacedWriter implements JournalWriter {
        private long seq;

        @Override
        public Position position() {
            return new Position(seq, 1);
        }

        @Override
        public void append(Batch batch) {
            seq = batch.lastSeq();
        }

        @Override
        public boolean degraded() {
            return true;
        }

        @Override
        public boolean reserve() {
            return false;
        }

        @Override
        public Optional<String> trouble() {
            return Optional.of("the disk is full");
        }

        @Override
        public boolean flush() {
            throw new StaleEpochException("this HAM was replaced");
        }

        @Override
        public boolean snapshotDue() {
            return false;
        }

        @Override
        public void snapshot(String state) {}

        @Override
        public List<String> findings() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
