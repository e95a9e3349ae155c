package org.ham.guardian;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.linux.ProcessRef;
import org.ham.spi.Primary;

/** A role that a test sets, and that keeps what it is asked for. */
final class FakeRole implements Role {
    static final Duration BEAT = Duration.ofMillis(200);
    static final Duration HANG_AFTER = Duration.ofSeconds(3);

    final List<String> asked = new CopyOnWriteArrayList<>();
    Optional<ProcessRef> guarded = Optional.empty();
    final FakeFutexes futexes = new FakeFutexes();
    boolean primary;
    OptionalLong startedBy = OptionalLong.empty();
    boolean candidate;
    List<String> command = List.of("ham-node");
    private final BeatPage page;
    private final RunDir runDir;
    private final LeaderWord word;

    FakeRole(Path folder) throws IOException {
        runDir = RunDir.prepare(folder.resolve("run"));
        try (var lock = RoleLock.open(runDir.lock())) {
            page = BeatPage.open(runDir.page(), lock, FakeMachine.ME);
        }
        word = new LeaderWord(page.memory(), BeatPage.WORD, futexes);
    }

    @Override
    public boolean primary() {
        return primary;
    }

    @Override
    public Optional<ProcessRef> guarded() {
        return guarded;
    }

    @Override
    public void takeOver(Primary.Reason reason) {
        asked.add(reason.name());
    }

    @Override
    public void takeOverAhead(Primary.Reason reason) {
        asked.add("ahead " + reason.name());
    }

    @Override
    public LeaderWord word() {
        return word;
    }

    @Override
    public void guard(ProcessRef ham) {
        asked.add("guard " + ham.pid());
        guarded = Optional.of(ham);
    }

    @Override
    public void endAtOnce() {
        asked.add("end at once");
    }

    @Override
    public void leave(int code, String why) {
        asked.add("leave " + code);
    }

    @Override
    public long pid() {
        return FakeMachine.ME;
    }

    @Override
    public BeatPage page() {
        return page;
    }

    @Override
    public Settings settings() {
        return new Settings(
                runDir.path(),
                BEAT,
                HANG_AFTER,
                Duration.ofSeconds(1),
                command,
                startedBy,
                BeatPage.Line.GUARDIAN,
                candidate);
    }

    @Override
    public RunDir runDir() {
        return runDir;
    }
}
