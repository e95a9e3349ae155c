package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignalsTest {
    private final Kit kit = new Kit();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void namesAndNumbersMatch() {
        for (int number = 1; number <= 64; number++) {
            assertThat(Signals.number(Signals.name(number))).isEqualTo(number);
        }
        assertThat(Signals.name(11)).isEqualTo("SIGSEGV");
        assertThat(Signals.name(37)).isEqualTo("SIGRTMIN+3");
        assertThat(Signals.number("term")).isEqualTo(15);
        assertThat(Signals.number("RTMAX-1")).isEqualTo(63);
        assertThat(Signals.number("SIGRTMAX")).isEqualTo(64);
        for (String wrong : new String[] {"", "SIG", "SIGNOPE", "0", "65", "RTMIN+31", "RTMIN-1", "-9"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Signals.number(wrong))
                    .withMessageContaining("there is no signal '" + wrong + "'");
        }
    }

    @Test
    void aSignalWithAValueArrives() throws IOException {
        ProcessRef process = kit.start(Kit.shell("trap 'exit 6' RTMIN+2; while :; do sleep 0.05; done"));
        kit.turnUntil(() -> Kit.catches(process, 36));
        kit.linux.signals().send(process, 36, 4711);
        assertThat(kit.end(process)).isEqualTo(ExitStatus.exited(6));
    }

    @Test
    void theWholeGroupIsReached() throws IOException {
        Path pid = folder.resolve("pid");
        ProcessRef leader = kit.start(Kit.shell("sleep 60 & echo $! > " + pid + "; wait"));
        kit.turnUntil(() -> Files.exists(pid) && pid.toFile().length() > 1);
        ProcessRef member =
                kit.processes.identify(Long.parseLong(Files.readString(pid).strip()));
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.linux.signals().sendToGroup(member, 15))
                .withMessageContaining("leads no process group");
        kit.linux.signals().sendToGroup(leader, 9);
        assertThat(kit.end(leader)).isEqualTo(ExitStatus.signalled(9, false));
        kit.turnUntil(() -> !kit.processes.isAlive(member));
    }

    @Test
    void theDeadAndTheWrongAreRefused() {
        ProcessRef process = kit.start(Kit.shell("exit 0"));
        kit.end(process);
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.linux.signals().send(process, 15))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ESRCH"));
        ProcessRef living = kit.start(Kit.command("sleep", "60"));
        ProcessRef other = new ProcessRef(living.pid(), living.startTime() + 1, 0, living.bootId());
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.linux.signals().send(other, 9))
                .withMessage("process " + other.pid() + " is dead");
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.linux.signals().send(living, 65))
                .withMessage("there is no signal 65");
        assertThat(kit.processes.isAlive(living)).isTrue();
    }
}
