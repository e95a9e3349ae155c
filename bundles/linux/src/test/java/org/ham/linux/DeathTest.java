package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeathTest {
    private static final int SIGSEGV = 11;
    private static final int SIGTERM = 15;

    private final Kit kit = new Kit();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void anExitCodeIsTold() {
        assertThat(kit.run(Kit.shell("exit 0"))).isEqualTo(ExitStatus.exited(0));
        assertThat(kit.run(Kit.shell("exit 255"))).isEqualTo(ExitStatus.exited(255));
    }

    @Test
    void aSignalIsTold() {
        assertThat(kit.run(Kit.shell("kill -TERM $$"))).isEqualTo(ExitStatus.signalled(SIGTERM, false));
        assertThat(kit.run(Kit.shell("kill -KILL $$"))).isEqualTo(ExitStatus.signalled(9, false));
    }

    @Test
    void withoutRoomForACoreNoneIsTold() {
        ExitStatus end = kit.run(limited("core", 0, "kill -SEGV $$"));
        assertThat(end.kind()).isEqualTo(ExitStatus.Kind.SIGNALLED);
        assertThat(end.value()).isEqualTo(SIGSEGV);
        if (corePattern().charAt(0) != '|') {
            assertThat(end.core()).isFalse();
        }
    }

    @Test
    void aCoreDumpIsTold() {
        Spawn crash = limited("core", -1, "kill -SEGV $$");
        boolean mayDump = true;
        try {
            kit.processes.check(crash);
        } catch (LinuxException hardLimit) {
            mayDump = false;
        }
        if (mayDump) {
            ExitStatus end = kit.run(crash);
            assertThat(end.kind()).isEqualTo(ExitStatus.Kind.SIGNALLED);
            assertThat(end.value()).isEqualTo(SIGSEGV);
            // A relative pattern dumps into the working directory, the test's own.
            if (corePattern().matches("[^|/].*")) {
                assertThat(end.core()).isTrue();
            }
        }
    }

    @Test
    void aChildThatNobodyWatchesIsReapedAndItsEndKept() {
        ProcessRef process = kit.start(Kit.shell("exit 5"));
        kit.turnUntil(() -> ProcStat.of(process.pid()).isEmpty());
        assertThat(kit.end(process)).isEqualTo(ExitStatus.exited(5));
        assertThat(kit.end(process)).as("told once").isEqualTo(ExitStatus.UNKNOWN);
    }

    @Test
    void anUnwatchedChildIsReapedAndTellsNobody() {
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        List<ExitStatus> told = new ArrayList<>();
        kit.processes.watch(process, told::add);
        kit.processes.unwatch(process);
        assertThat(kit.processes.watched()).isZero();
        kit.linux.signals().send(process, SIGTERM);
        kit.turnUntil(() -> ProcStat.of(process.pid()).isEmpty());
        assertThat(told).isEmpty();
    }

    @Test
    void watchingAgainReplacesTheListener() {
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        List<ExitStatus> first = new ArrayList<>();
        kit.processes.watch(process, first::add);
        assertThat(kit.processes.watched()).isEqualTo(1);
        kit.linux.signals().send(process, SIGTERM);
        assertThat(kit.end(process)).isEqualTo(ExitStatus.signalled(SIGTERM, false));
        assertThat(first).isEmpty();
        assertThat(kit.processes.watched()).isZero();
    }

    @Test
    void aProcessThatIsNotTheOneUnderThatPidIsToldDead() {
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        for (ProcessRef other : List.of(
                new ProcessRef(process.pid(), process.startTime() + 1, 0, process.bootId()),
                new ProcessRef(process.pid(), process.startTime(), process.inode() + 1, process.bootId()),
                new ProcessRef(process.pid(), process.startTime(), process.inode(), "another boot"))) {
            if (other.inode() == 1) {
                continue; // no pidfs: 0 + 1
            }
            assertThat(kit.processes.isAlive(other)).isFalse();
            assertThat(kit.end(other)).isEqualTo(ExitStatus.UNKNOWN);
        }
        assertThat(kit.processes.isAlive(process)).isTrue();
    }

    /** Threads have numbers of their own from those of processes. */
    @Test
    void aProcessWhoseNumberAThreadHasByNowIsToldDead() throws IOException {
        long thread = Long.parseLong(
                Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        assertThat(thread).isNotEqualTo(kit.linux.ownPid());
        ProcessRef gone = new ProcessRef(thread, 1, 2, kit.linux.bootId());
        assertThat(kit.processes.isAlive(gone)).isFalse();
        assertThat(kit.end(gone)).isEqualTo(ExitStatus.UNKNOWN);
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.linux.signals().send(gone, SIGTERM))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ESRCH"));
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.processes.identify(thread))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ESRCH"));
    }

    @Test
    void theEndOfAnotherProcesssChildIsToldAfterItsParentReapedIt() throws IOException {
        // The shell is the parent; it reaps its child by wait, before it answers.
        ProcessRef grandchild =
                kit.grandchild(folder, "sleep 60 & echo $! > pid; wait $!; echo reaped > reaped; sleep 60");
        AtomicReference<ExitStatus> end = new AtomicReference<>();
        kit.processes.watch(grandchild, end::set);
        kit.linux.signals().send(grandchild, SIGTERM);
        kit.turnUntil(() -> Files.exists(folder.resolve("reaped")));
        kit.turnUntil(() -> end.get() != null);
        assertThat(end.get()).isIn(ExitStatus.signalled(SIGTERM, false), afterReaping());
    }

    @Test
    void theEndOfAStrangersZombieIsTold() throws IOException {
        // This parent never reaps: exec replaces the shell by a program that waits for nobody.
        ProcessRef grandchild = kit.grandchild(
                folder, "sh -c 'trap \"exit 9\" TERM; echo $$ > pid; while :; do sleep 0.05; done' & exec sleep 60");
        AtomicReference<ExitStatus> end = new AtomicReference<>();
        kit.processes.watch(grandchild, end::set);
        kit.turnUntil(() -> comm(parent(grandchild)).equals("sleep"));
        kit.linux.signals().send(grandchild, SIGTERM);
        kit.turnUntil(() -> end.get() != null);
        assertThat(end.get()).isEqualTo(ExitStatus.exited(9));
        assertThat(ProcStat.of(grandchild.pid()).orElseThrow().isZombie()).isTrue();
        assertThat(kit.processes.isAlive(grandchild)).isFalse();
        assertThat(kit.end(grandchild))
                .as("a watch that begins after the death")
                .isEqualTo(ExitStatus.exited(9));
    }

    @Test
    void aSecondJvmLearnsTheReasonThatTheParentReaped() throws Exception {
        ProcessRef process = kit.start(waiting());
        Path output = folder.resolve("watcher.log");
        ProcessRef watcher = kit.start(Kit.to(Kit.java(Watcher.class, Long.toString(process.pid())), output));
        kit.turnUntil(() -> Kit.read(output).contains("watching") && Kit.catches(process, SIGTERM));
        kit.linux.signals().send(process, SIGTERM);
        assertThat(kit.end(process)).isEqualTo(ExitStatus.exited(42));
        assertThat(kit.end(watcher)).isEqualTo(ExitStatus.exited(0));
        assertThat(Kit.read(output)).contains(afterReaping().equals(ExitStatus.UNKNOWN) ? "" : "EXITED 42");
    }

    @Test
    void aThousandKilledAtOnceAreAllToldOnce() {
        List<Integer> before = OwnDescriptors.from(0);
        Map<ProcessRef, Integer> told = new HashMap<>();
        List<ProcessRef> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ProcessRef process = kit.start(Kit.command("sleep", "infinity"));
            all.add(process);
            kit.processes.watch(process, end -> told.merge(process, end.value(), Integer::sum));
        }
        assertThat(kit.processes.watched()).isEqualTo(1000);
        all.forEach(process -> kit.linux.signals().send(process, SignalNames.SIGKILL));
        kit.turnUntil(() -> kit.processes.watched() == 0);
        assertThat(told)
                .hasSize(1000)
                .allSatisfy((process, value) -> assertThat(value).isEqualTo(9));
        assertThat(all)
                .allSatisfy(process -> assertThat(ProcStat.of(process.pid())).isEmpty());
        assertThat(OwnDescriptors.from(0).size()).isLessThanOrEqualTo(before.size() + 1);
    }

    /** What can be known of a process that somebody else reaped. */
    private static ExitStatus afterReaping() {
        return ProcFs.kernelAtLeast(6, 15) ? ExitStatus.signalled(SIGTERM, false) : ExitStatus.UNKNOWN;
    }

    private static Spawn waiting() {
        return Kit.shell("trap 'exit 42' TERM; while :; do sleep 0.05; done");
    }

    private Spawn limited(String limit, long value, String script) {
        Spawn spawn = Kit.shell(script);
        return new Spawn(
                spawn.command(),
                Optional.of(folder),
                spawn.environment(),
                Optional.empty(),
                Map.of(limit, value),
                Optional.empty());
    }

    private static long parent(ProcessRef process) {
        return ProcStat.of(process.pid()).orElseThrow().parent();
    }

    private static String comm(long pid) {
        return Kit.read(Path.of("/proc/" + pid + "/comm")).strip();
    }

    private static String corePattern() {
        return Kit.read(Path.of("/proc/sys/kernel/core_pattern"));
    }
}
