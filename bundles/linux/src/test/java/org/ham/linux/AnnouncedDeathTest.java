package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How processes ended on a kernel that forgets them with their reaping, as this one is told to be. */
@Timeout(60)
final class AnnouncedDeathTest {
    private static final int SIGTERM = 15;

    /** Room for two or three announcements. */
    private static final int SMALL = 1;

    private Kit kit = new Kit(Linux.openAsOnOlderKernel(ProcConnector.USUAL_BUFFER));

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void aSignalIsToldAfterTheParentHasReaped() {
        ProcessRef process = kit.grandchild(folder, reaping("sleep 60"));
        assertThat(killed(process)).isEqualTo(told(ExitStatus.signalled(SIGTERM, false)));
    }

    @Test
    void anExitCodeIsToldAfterTheParentHasReaped() {
        ProcessRef process = kit.grandchild(
                folder, reaping("sh -c 'trap \"exit 7\" TERM; echo > ready; while :; do sleep 0.05; done'"));
        kit.turnUntil(() -> Files.exists(folder.resolve("ready")));
        assertThat(killed(process)).isEqualTo(told(ExitStatus.exited(7)));
    }

    @Test
    void aProcessOfManyThreadsIsToldOnce() {
        String failing = Kit.java(Watcher.class, "no pid").command().stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        ProcessRef process = kit.grandchild(
                folder, reaping("sh -c 'while ! [ -e go ]; do sleep 0.05; done; exec \"$@\"' - " + failing));
        AtomicReference<ExitStatus> end = watch(process);
        assertThat(folder.resolve("go").toFile().mkdir()).isTrue();
        kit.turnUntil(() -> end.get() != null);
        assertThat(end.get()).isEqualTo(told(ExitStatus.exited(1)));
    }

    @Test
    void aChildNeedsNoAnnouncement() {
        int before = OwnDescriptors.from(0).size();
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        kit.processes.watch(process, end -> {});
        assertThat(OwnDescriptors.from(0)).as("its own descriptor").hasSize(before + 1);
        kit.linux.signals().send(process, SIGTERM);
        assertThat(kit.end(process)).isEqualTo(ExitStatus.signalled(SIGTERM, false));
    }

    @Test
    void nobodyIsListenedToWithoutNeed() {
        ProcessRef process = kit.grandchild(folder, reaping("sleep 60"));
        int before = OwnDescriptors.from(0).size();
        kit.processes.watch(process, end -> {});
        assertThat(OwnDescriptors.from(0).size()).isBetween(before + 1, before + 2);
        kit.processes.unwatch(process);
        assertThat(OwnDescriptors.from(0)).hasSize(before);
    }

    @Test
    void aWatchOfAnotherProcessOfThatPidDisturbsNothing() {
        ProcessRef process = kit.grandchild(folder, reaping("sleep 60"));
        AtomicReference<ExitStatus> end = watch(process);
        ProcessRef other = new ProcessRef(process.pid(), process.startTime(), 0, "another boot");
        assertThat(kit.end(other)).isEqualTo(ExitStatus.UNKNOWN);
        kit.linux.signals().send(process, SIGTERM);
        kit.turnUntil(() -> end.get() != null);
        assertThat(end.get()).isEqualTo(told(ExitStatus.signalled(SIGTERM, false)));
    }

    @Test
    void whatWasLostIsUnknownAndWhatComesLaterIsTold() {
        kit.close();
        kit = new Kit(Linux.openAsOnOlderKernel(SMALL));
        ProcessRef lost = kit.grandchild(folder, reaping("sleep 60"));
        AtomicReference<ExitStatus> endOfLost = watch(lost);
        Path other = folder.resolve("other");
        assertThat(other.toFile().mkdir()).isTrue();
        ProcessRef later = kit.grandchild(other, reaping("sleep 60"));
        AtomicReference<ExitStatus> endOfLater = watch(later);
        // Nobody reads the announcements meanwhile: the children become zombies.
        List<ProcessRef> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(kit.start(Kit.command("true")));
        }
        many.forEach(AnnouncedDeathTest::untilDead);
        kit.linux.signals().send(lost, SIGTERM);
        while (!Files.exists(folder.resolve("reaped"))) {
            Thread.onSpinWait();
        }
        kit.turnUntil(() -> endOfLost.get() != null);
        assertThat(endOfLost.get()).isEqualTo(ExitStatus.UNKNOWN);
        kit.turnUntil(() ->
                many.stream().allMatch(process -> ProcStat.of(process.pid()).isEmpty()));
        kit.linux.signals().send(later, SIGTERM);
        kit.turnUntil(() -> endOfLater.get() != null);
        assertThat(endOfLater.get()).isIn(told(ExitStatus.signalled(SIGTERM, false)), ExitStatus.UNKNOWN);
    }

    @Test
    void whereTheReapedAreToldNobodyIsListenedTo() {
        if (!ProcFs.kernelAtLeast(6, 15)) {
            return;
        }
        ProcessRef process = kit.grandchild(folder, reaping("sleep 60"));
        try (Kit newer = new Kit()) {
            int before = OwnDescriptors.from(0).size();
            newer.processes.watch(process, end -> {});
            assertThat(OwnDescriptors.from(0)).as("its own descriptor").hasSize(before + 1);
            newer.processes.unwatch(process);
        }
    }

    @Test
    void theLimitationIsNamed() {
        assertThat(kit.linux.limitations())
                .anyMatch(
                        sentence -> sentence.startsWith("The kernel tells nothing about a process once it is reaped"));
    }

    private static void untilDead(ProcessRef process) {
        while (!ProcStat.of(process.pid()).map(ProcStat::isZombie).orElse(true)) {
            Thread.onSpinWait();
        }
    }

    /** A shell that waits for its child and says so. */
    private static String reaping(String command) {
        return command + " & echo $! > pid.new; mv pid.new pid; wait $!; echo > reaped; sleep 60";
    }

    private AtomicReference<ExitStatus> watch(ProcessRef process) {
        AtomicReference<ExitStatus> end = new AtomicReference<>();
        kit.processes.watch(process, end::set);
        return end;
    }

    private ExitStatus killed(ProcessRef process) {
        AtomicReference<ExitStatus> end = watch(process);
        kit.linux.signals().send(process, SIGTERM);
        kit.turnUntil(() -> end.get() != null);
        return end.get();
    }

    /** What can be known here: a container may be told nothing. */
    private ExitStatus told(ExitStatus status) {
        return kit.linux.limitations().stream().anyMatch(sentence -> sentence.contains("cannot be listened to"))
                ? ExitStatus.UNKNOWN
                : status;
    }
}
