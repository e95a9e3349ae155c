package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.ham.api.ActionFlag;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
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
    private final Mailbox mailbox = new Mailbox();
    private long now = SECOND;

    private RehearsedMachine machine() {
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
        return lead(machine(), follower, writer);
    }

    private Leader lead(Host host, Follower follower, JournalWriter writer) {
        return lead(host, follower, writer, new Snapshots(new AtOnce(), () -> {}));
    }

    private Leader lead(Host host, Follower follower, JournalWriter writer, Snapshots snapshots) {
        var plugins = new Plugins(Returning.NEVER, 0);
        var leader = new Leader(
                host,
                engine,
                new ActionRunner(plugins, 1, () -> 0, _ -> {}),
                new Monitors(),
                new Environs(),
                new Members(),
                writer,
                snapshots,
                follower,
                mailbox,
                _ -> {},
                folder.toString());
        leader.begin(new Input.Led("took-over", 2, 1, "word"));
        return leader;
    }

    private Leader lead() {
        return lead(machine());
    }

    private Leader lead(Host host) {
        var follower = new Follower(host, journal(), engine, _ -> {});
        follower.finish();
        return lead(
                host,
                follower,
                journal().write(follower.reader(), follower.state().epoch() + 1));
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

    /** As when no more descriptors can be opened. */
    @Test
    void oneThatCannotBeWatchedIsTriedAgainAndHoldsUpNobodyElse() {
        var machine = machine();
        var refused = new AtomicBoolean();
        var watched = new ArrayList<ProcessId>();
        var host = (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (_, method, arguments) -> {
                    if (method.getName().equals("watch")) {
                        if (((ProcessId) arguments[0]).pid() == 70 && refused.get()) {
                            throw new HamException(HamException.Code.FAILED, "too many open files");
                        }
                        watched.add((ProcessId) arguments[0]);
                    }
                    return method.invoke(machine, arguments);
                });
        var first = lead(host);
        var one = machine.identify(70);
        var other = machine.identify(71);
        first.offer(new Input.Attach("a", null, one, Set.of(), List.of(), null, false));
        first.offer(new Input.Attach("b", null, other, Set.of(), List.of(), null, false));
        first.turn();
        assertThat(watched).containsExactly(one, other);
        refused.set(true);
        watched.clear();
        // As it follows, and as it leads.
        var next = lead(host);
        next.turn();
        assertThat(watched).containsExactly(other, other);
        assertThat(next.state().alarms().get("processes")).contains("'a'", "too many open files");
        assertThat(next.nextTurn()).isLessThanOrEqualTo(now + SECOND);
        refused.set(false);
        now += SECOND;
        next.turn();
        assertThat(watched).containsExactly(other, other, one);
        assertThat(next.state().alarms()).isEmpty();
        next.close();
    }

    /** Both are noticed at once where the loop was busy for a moment. */
    @Test
    void whatAProcessSaidBeforeItDiedIsTakenInBeforeItsDeath() {
        var machine = machine();
        var leader = lead(machine);
        var web = machine.identify(70);
        leader.offer(new Input.Attach("web", null, web, Set.of(), List.of(), null, false));
        leader.turn();
        var before = leader.state().seq();
        mailbox.add(new Request(new Input.Verbosity(1), Actor.part("shell"), null));
        mailbox.add(new Request(new Input.Text("web", web, "no room left"), Actor.part("detector-notify"), null));
        mailbox.add(
                new Request(new Input.Said("web", web, Input.Said.Word.STOPPING), Actor.part("detector-notify"), null));
        machine.killAll();
        leader.turn();
        assertThat(linesAfter(before)).startsWith("text", "ending", "death").endsWith("verbosity");
        leader.close();
    }

    /** As a daemon does that puts itself in the background: its first process names the other and exits. */
    @Test
    void theMainProcessIsTheOneThatTheFirstNamedBeforeItExited() {
        var machine = machine();
        var leader = lead(machine);
        var first = machine.identify(70);
        var main = machine.identify(71);
        leader.offer(new Input.Attach("web", null, first, Set.of(), List.of(), null, false));
        leader.turn();
        var before = leader.state().seq();
        mailbox.add(new Request(new Input.MainProcess("web", first, main), Actor.part("detector-notify"), null));
        machine.killAll();
        leader.turn();
        assertThat(linesAfter(before)).containsExactly("main-process");
        assertThat(leader.state().entity("web").orElseThrow().process()).isEqualTo(main);
        assertThat(machine.isAlive(main)).isTrue();
        leader.close();
    }

    private List<String> linesAfter(long seq) {
        var types = new ArrayList<String>();
        try (var reader = journal().readAfter(seq)) {
            for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
                batch.get().events().forEach(event -> types.add(event.type()));
            }
        }
        return types;
    }

    @Test
    void aSnapshotWaitsUntilThoseThatDiedWithTheLastHamAreRecovered() {
        var follower = new Follower(machine(), journal(), engine, _ -> {});
        var writer = ScriptedWriter.whoseSnapshotIsDue();
        var leader = lead(follower, writer);
        leader.turn();
        assertThat(writer.snapshots).isZero();
        assertThat(leader.nextTurn()).isLessThanOrEqualTo(now + 2 * SECOND);
        now += 2 * SECOND;
        leader.turn();
        assertThat(writer.snapshots).isEqualTo(1);
    }

    @Test
    void aSnapshotWithoutWhichNobodyMayTakeOverIsMadeAtOnce() {
        var follower = new Follower(machine(), journal(), engine, _ -> {});
        var writer = ScriptedWriter.whoseSnapshotIsDue();
        writer.needed = true;
        var never = new Snapshots(
                new AtOnce(),
                _ -> {
                    throw new AssertionError("it was to be made by the loop");
                },
                () -> {});
        var leader = lead(machine(), follower, writer, never);
        leader.turn();
        assertThat(writer.snapshots).isEqualTo(1);
    }

    @Test
    void aSnapshotThatIsOverdueDoesNotWait() {
        var follower = new Follower(machine(), journal(), engine, _ -> {});
        var writer = ScriptedWriter.whoseSnapshotIsDue();
        writer.overdue = true;
        var leader = lead(follower, writer);
        leader.turn();
        assertThat(writer.snapshots).isEqualTo(1);
    }

    /** However many live: a HAM of ten thousand entities that takes over recovers as quickly as one of a few. */
    @Test
    void thoseThatAreKnownToBeDeadAreRecoveredBeforeTheLivingAreWatched() {
        var machine = machine();
        var done = new ArrayList<String>();
        var listeners = new HashMap<ProcessId, Consumer<ExitReason>>();
        var host = (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (_, method, arguments) -> {
                    if (method.getName().equals("watch")) {
                        var process = (ProcessId) arguments[0];
                        @SuppressWarnings("unchecked")
                        var listener = (Consumer<ExitReason>) arguments[1];
                        listeners.put(process, listener);
                        done.add("watch " + process.pid());
                    } else if (method.getName().equals("unwatch")
                            || method.getName().equals("start")) {
                        done.add(method.getName() + " "
                                + (arguments[0] instanceof ProcessId p ? p.pid() : arguments[0]));
                    }
                    return method.invoke(machine, arguments);
                });
        var first = lead(host);
        for (var name : List.of("a", "b", "c")) {
            first.offer(new Input.Attach(
                    name, StartSpec.of(List.of("/bin/" + name)), null, Set.of(), List.of(restarting()), null, false));
        }
        first.turn();
        assertThat(done).containsExactly("start a", "start b", "start c", "watch 1", "watch 2", "watch 3");

        var follower = new Follower(host, journal(), engine, _ -> {});
        follower.finish();
        Objects.requireNonNull(listeners.get(machine.identify(2))).accept(ExitReason.signalled("SIGKILL", false));
        done.clear();
        var next = lead(
                host,
                follower,
                journal().write(follower.reader(), follower.state().epoch() + 1));
        assertThat(done).containsExactly("unwatch 2", "start b", "watch 1", "watch 3", "watch 4");
        assertThat(next.state().entity("b").orElseThrow().process()).isEqualTo(machine.identify(4));
        next.close();
    }

    private static Condition restarting() {
        var restart = new Action(
                "restart", "restart", Map.of(), Set.of(ActionFlag.REARM), true, List.of(), true, null, false);
        return new Condition("died", ConditionType.DEATH, Set.of(ConditionFlag.REARM), true, List.of(restart));
    }

    /** What the HAM before this one may have begun under another id, whose lines are lost, is found by the entity alone. */
    @Test
    void aStartThatIsResumedUnderDoubtIsLookedForByTheEntityToo() {
        var rehearsed = machine();
        var begun = rehearsed.identify(77);
        var first = lead(host(rehearsed, Optional.empty(), true));
        first.offer(new Input.Alarm("journal", "the disk is full"));
        first.offer(new Input.Attach("web", StartSpec.of(List.of("/bin/web")), null, Set.of(), List.of(), null, false));
        assertThatThrownBy(first::turn).hasMessage("it dies as it starts");

        var next = lead(host(rehearsed, Optional.of(begun), true));
        assertThat(next.state().entity("web").orElseThrow().process()).isEqualTo(begun);
        next.close();
    }

    /** Whose process is found by the entity, and that does not live to start one. */
    private static Host host(RehearsedMachine machine, Optional<ProcessId> found, boolean dies) {
        return (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (_, method, arguments) -> {
                    if (method.getName().equals("start") && dies) {
                        throw new AssertionError("it dies as it starts");
                    }
                    return switch (method.getName()) {
                        case "findStart" -> Optional.empty();
                        case "find" -> found;
                        default -> method.invoke(machine, arguments);
                    };
                });
    }

    @Test
    void roomThatWasUsedUpIsMadeAgainUnderAnotherAlarm() {
        var follower = new Follower(machine(), journal(), engine, _ -> {});
        var writer = new ScriptedWriter();
        writer.trouble = Optional.empty();
        var leader = lead(follower, writer);
        now += 2 * SECOND;
        leader.turn();
        assertThat(writer.reserves).isEqualTo(1);
        assertThat(leader.nextTurn()).isEqualTo(Long.MAX_VALUE);

        writer.trouble = Optional.of("a snapshot cannot be written");
        leader.turn();
        assertThat(leader.state().alarms()).containsKey("journal");
        writer.trouble = Optional.of("the room in reserve is used up");
        leader.turn();
        assertThat(leader.nextTurn()).isEqualTo(now + 10 * SECOND);
        now += 10 * SECOND;
        leader.turn();
        assertThat(writer.reserves).isEqualTo(2);
        writer.trouble = Optional.empty();
        now += 10 * SECOND;
        leader.turn();
        assertThat(writer.reserves).isEqualTo(3);
        assertThat(leader.state().alarms()).isEmpty();
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
        var writer = new ScriptedWriter();
        writer.replaced = true;
        var leader = lead(follower, writer);
        assertThatThrownBy(leader::turn).isInstanceOf(Error.class).hasMessageContaining("another HAM has taken over");
    }

    /** A writer without a disk; where it is to be replaced its lines wait in memory, and another has shut it out meanwhile. */
    private static final class ScriptedWriter implements JournalWriter {
        private long seq;
        private boolean replaced;
        private boolean due;
        private boolean overdue;
        private boolean needed;
        private int snapshots;
        private Optional<String> trouble = Optional.of("the disk is full");
        private int reserves;

        static ScriptedWriter whoseSnapshotIsDue() {
            var writer = new ScriptedWriter();
            writer.trouble = Optional.empty();
            writer.due = true;
            return writer;
        }

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
            return replaced;
        }

        @Override
        public boolean reserve() {
            reserves++;
            return !replaced;
        }

        @Override
        public Optional<String> trouble() {
            return trouble;
        }

        @Override
        public boolean flush() {
            throw new StaleEpochException("this HAM was replaced");
        }

        @Override
        public boolean snapshotDue() {
            return due;
        }

        @Override
        public boolean snapshotOverdue() {
            return overdue;
        }

        @Override
        public boolean snapshotNeeded() {
            return needed;
        }

        @Override
        public void snapshot(long seq, String state) {
            assertThat(seq).isEqualTo(this.seq);
            snapshots++;
            due = false;
            overdue = false;
            needed = false;
        }

        @Override
        public List<String> findings() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
