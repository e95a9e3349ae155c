package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IdentityTest {
    private final Kit kit = new Kit();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void aProcessIsTheSameHoweverItIsFound() {
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        assertThat(kit.processes.identify(process.pid())).isEqualTo(process);
        assertThat(kit.processes.isAlive(process)).isTrue();
        assertThat(process.bootId()).isEqualTo(kit.linux.bootId()).hasSize(36);
        assertThat(kit.linux.self()).isEqualTo(kit.processes.identify(kit.linux.ownPid()));
        assertThat(kit.linux.limitations()).allMatch(sentence -> sentence.endsWith("."));
    }

    @Test
    void pidsThatAreNoProcessAreRefused() {
        for (long pid : new long[] {0, -1, 1L << 40, 4_194_305}) {
            assertThatExceptionOfType(LinuxException.class)
                    .isThrownBy(() -> kit.processes.identify(pid))
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ESRCH"));
        }
    }

    @Test
    void aNameWithParenthesesDoesNotConfuseTheFields() {
        String line = "7 (a) b ((c) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242 8 9";
        ProcStat stat =
                ProcStat.parse(line.getBytes(StandardCharsets.ISO_8859_1)).orElseThrow();
        assertThat(stat).isEqualTo(new ProcStat('S', 1, 7, 7, 4194560, 1, 4242, 1, 0));
        assertThat(ProcStat.parse(new byte[0])).isEmpty();
    }

    @Test
    void aProcessIsFoundByItsEnvironmentAndItsChildrenAreNot() {
        String id = UUID.randomUUID().toString();
        Map<String, String> environment = new HashMap<>(Kit.ENVIRONMENT);
        environment.put("HAM_INVOCATION_ID", id);
        ProcessRef process = kit.start(new Spawn(
                List.of("/bin/sh", "-c", "sleep 60 & sleep 61 & wait"),
                Optional.empty(),
                environment,
                Optional.empty(),
                Map.of(),
                Optional.empty()));
        assertThat(kit.processes.findByEnvironment("HAM_INVOCATION_ID", id)).contains(process);
        assertThat(kit.processes.findByEnvironment("HAM_INVOCATION_ID", id.substring(1)))
                .isEmpty();
        assertThat(kit.processes.findByEnvironment("INVOCATION_ID", id)).isEmpty();
    }

    @Test
    void aProcessIsFoundFromTheMomentItIsStarted() {
        for (int i = 0; i < 300; i++) {
            String id = UUID.randomUUID().toString();
            ProcessRef process = kit.start(new Spawn(
                    List.of("sleep", "60"),
                    Optional.empty(),
                    Map.of("HAM_INVOCATION_ID", id),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty()));
            assertThat(kit.processes.findByEnvironment("HAM_INVOCATION_ID", id)).contains(process);
        }
    }

    @Test
    void whenTheProcessIsDeadItsChildrenAreNotTakenForIt() {
        String id = UUID.randomUUID().toString();
        Map<String, String> environment = new HashMap<>(Kit.ENVIRONMENT);
        environment.put("HAM_INVOCATION_ID", id);
        ProcessRef process = kit.start(new Spawn(
                List.of("/bin/sh", "-c", "sleep 5 & exit 0"),
                Optional.empty(),
                environment,
                Optional.empty(),
                Map.of(),
                Optional.empty()));
        assertThat(kit.end(process)).isEqualTo(ExitStatus.exited(0));
        assertThat(kit.processes.findByEnvironment("HAM_INVOCATION_ID", id)).isEmpty();
    }

    @Test
    void waitStatusesAreReadAsTheKernelWritesThem() {
        assertThat(ExitStatus.ofWaitStatus(0x0300)).isEqualTo(ExitStatus.exited(3));
        assertThat(ExitStatus.ofWaitStatus(9)).isEqualTo(ExitStatus.signalled(9, false));
        assertThat(ExitStatus.ofWaitStatus(0x8b)).isEqualTo(ExitStatus.signalled(11, true));
    }

    @Test
    void theSameProcessIsToldByWhatBothKnow() {
        ProcessRef full = new ProcessRef(7, 100, 55, "boot");
        assertThat(full.isSameAs(full)).isTrue();
        assertThat(full.isSameAs(new ProcessRef(7, 0, 55, "boot"))).isTrue();
        assertThat(full.isSameAs(new ProcessRef(7, 100, 0, "boot"))).isTrue();
        assertThat(full.isSameAs(new ProcessRef(7, 100, 56, "boot"))).isFalse();
        assertThat(full.isSameAs(new ProcessRef(7, 101, 0, "boot"))).isFalse();
        assertThat(full.isSameAs(new ProcessRef(8, 100, 55, "boot"))).isFalse();
        assertThat(full.isSameAs(new ProcessRef(7, 100, 55, "other"))).isFalse();
        assertThat(new ProcessRef(7, 0, 0, "boot").isSameAs(new ProcessRef(7, 0, 0, "boot")))
                .isFalse();
    }
}
