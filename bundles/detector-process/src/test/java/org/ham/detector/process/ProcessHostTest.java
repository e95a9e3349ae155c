package org.ham.detector.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.linux.ExitStatus;
import org.ham.linux.Linux;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Spawn;
import org.ham.spi.Host;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ProcessHostTest {
    private final FakeLinux fake = new FakeLinux();

    @TempDir
    private Path runDir;

    private Path log = Path.of("");
    private ProcessHost host = host(Path.of("/nowhere"));

    @BeforeEach
    void open() {
        log = runDir.resolve("log");
        host = host(log);
    }

    private ProcessHost host(Path logFolder) {
        return new ProcessHost(
                new ProcessHost.Kernel(fake, fake, fake, fake, () -> false),
                logFolder,
                Map.of("PATH", "/bin", "LANG", "C", "HAM_GUARDIAN_OF", "77", "NOTIFY_SOCKET", "/hams/own"));
    }

    @Test
    void theEnvironmentIsHamsThenTheEntitysThenTheStarts() {
        StartSpec spec = new StartSpec(
                List.of("web", "-p"),
                Optional.of("/srv"),
                Map.of("LANG", "de", "A", "1", "HAM_ENTITY", "wrong"),
                Optional.of("www"),
                Map.of("nofile", 5L),
                Optional.empty());
        host.start("web", spec, Map.of("HAM_INVOCATION_ID", "id", "HAM_ENTITY", "web"));
        assertThat(fake.spawned)
                .containsExactly(new Spawn(
                        List.of("web", "-p"),
                        Optional.of(Path.of("/srv")),
                        Map.of("PATH", "/bin", "LANG", "de", "A", "1", "HAM_INVOCATION_ID", "id", "HAM_ENTITY", "web"),
                        Optional.of("www"),
                        Map.of("nofile", 5L),
                        Optional.of(log.resolve("web.log"))));
        assertThat(log).isDirectory();
    }

    @Test
    void aVariableForItsOwnPidIsLeftToTheOperatingSystem() {
        host.start("web", StartSpec.of(List.of("web")), Map.of("WATCHDOG_PID", Host.ITS_PID, "WATCHDOG_USEC", "5"));
        Spawn spawn = fake.spawned.getFirst();
        assertThat(spawn.pidVariables()).containsExactly("WATCHDOG_PID");
        assertThat(spawn.environment()).doesNotContainKey("WATCHDOG_PID").containsEntry("WATCHDOG_USEC", "5");
    }

    @Test
    void theOutputStaysInTheLogFolderUnlessItIsAbsolute() {
        assertThat(outputOf("other.log")).isEqualTo(log.resolve("other.log"));
        assertThat(outputOf("a/../b/c.log")).isEqualTo(log.resolve("b/c.log"));
        assertThat(log.resolve("b")).isDirectory();
        assertThat(outputOf("/dev/null")).isEqualTo(Path.of("/dev/null"));
        for (String wrong : List.of("../ham.lock", "..", ".", "", "a/../../x", "nul\0")) {
            refused(Code.INVALID, "output: ", () -> outputOf(wrong));
            refused(Code.INVALID, "output: ", () -> host.check(with(wrong)));
        }
    }

    @Test
    void anOutputThatIsTooLargeMakesWayBeforeAStart() throws IOException {
        Files.createDirectories(log);
        Path file = log.resolve("web.log");
        resize(file, OutputFiles.LARGEST);
        host.start("web", StartSpec.of(List.of("web")), Map.of());
        assertThat(file).hasSize(OutputFiles.LARGEST);
        resize(file, OutputFiles.LARGEST + 1);
        Files.writeString(log.resolve("web.log.1"), "older");
        host.start("web", StartSpec.of(List.of("web")), Map.of());
        assertThat(file).doesNotExist();
        assertThat(log.resolve("web.log.1")).hasSize(OutputFiles.LARGEST + 1);
    }

    @Test
    void deathsAreToldInHamsWords() {
        assertThat(reasonOf(ExitStatus.exited(3))).isEqualTo(ExitReason.exited(3));
        assertThat(reasonOf(ExitStatus.signalled(11, true))).isEqualTo(ExitReason.signalled("SIGSEGV", true));
        assertThat(reasonOf(ExitStatus.UNKNOWN)).isEqualTo(ExitReason.UNKNOWN);
    }

    @Test
    void aProcessKeepsItsIdentityBothWays() {
        ProcessId process = host.start(
                "web", StartSpec.of(List.of("web")), Map.of("HAM_ENTITY", "web", "HAM_INVOCATION_ID", "id-1"));
        assertThat(host.identify(process.pid())).isEqualTo(process);
        assertThat(host.find("id-1")).contains(process);
        assertThat(host.find("id-2")).isEmpty();
        assertThat(host.findStart("web", "id-1")).contains(process);
        assertThat(host.findStart("other", "id-1")).isEmpty();
        assertThat(host.isAlive(process)).isTrue();
        host.signal(process, 15);
        assertThat(fake.sent).containsExactly("SIGTERM to " + process.pid());
        List<ExitReason> told = new ArrayList<>();
        host.watch(process, told::add);
        host.unwatch(process);
        fake.die(ref(process), ExitStatus.exited(0));
        host.await(0);
        assertThat(told).isEmpty();
        assertThat(host.isAlive(process)).isFalse();
        refused(Code.NOT_FOUND, "process " + process.pid() + " is dead", () -> host.signal(process, 15));
        refused(Code.NOT_FOUND, "there is no process 5", () -> host.identify(5));
    }

    @Test
    void whatLinuxRefusesHasACodeAndKeepsItsSentence() {
        Map<Integer, Code> codes =
                Map.of(2, Code.NOT_FOUND, 13, Code.DENIED, 22, Code.INVALID, 24, Code.LIMIT, 5, Code.FAILED);
        codes.forEach((errno, code) -> {
            fake.refusal = Optional.of(new LinuxException("command: no", errno));
            refused(code, "command: no", () -> host.check(StartSpec.of(List.of("x"))));
            refused(code, "command: no", () -> host.start("x", StartSpec.of(List.of("x")), Map.of()));
        });
        assertThat(fake.spawned).isEmpty();
    }

    @Test
    @Timeout(60)
    void itWorksOnTheRealThing() throws IOException {
        try (Linux linux = Linux.open()) {
            ProcessHost real = new ProcessHost(
                    new ProcessHost.Kernel(
                            linux.processes(), linux.signals(), linux.reactor(), linux.clocks(), linux.urgency()),
                    log,
                    System.getenv());
            StartSpec spec = StartSpec.of(List.of("sh", "-c", "echo hello from $HAM_ENTITY; exit 4"));
            real.check(spec);
            ProcessId process = real.start("web", spec, Map.of("HAM_ENTITY", "web"));
            List<ExitReason> told = new ArrayList<>();
            real.watch(process, told::add);
            while (told.isEmpty()) {
                real.await(Long.MAX_VALUE);
            }
            assertThat(told).containsExactly(ExitReason.exited(4));
            assertThat(log.resolve("web.log")).hasContent("hello from web\n");
            assertThat(real.now()).isNotNull();
            assertThat(real.monotonic()).isPositive();
            refused(Code.NOT_FOUND, "command: there is no program", () -> real.check(StartSpec.of(List.of("no-such"))));
        }
    }

    private Path outputOf(String output) {
        host.start("web", with(output), Map.of());
        return fake.spawned.getLast().output().orElseThrow();
    }

    private static StartSpec with(String output) {
        return new StartSpec(
                List.of("web"), Optional.empty(), Map.of(), Optional.empty(), Map.of(), Optional.of(output));
    }

    private ExitReason reasonOf(ExitStatus status) {
        ProcessId process = host.start("web", StartSpec.of(List.of("web")), Map.of());
        List<ExitReason> told = new ArrayList<>();
        host.watch(process, told::add);
        fake.die(ref(process), status);
        host.await(0);
        assertThat(told).hasSize(1);
        return told.getFirst();
    }

    private static ProcessRef ref(ProcessId process) {
        return new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot());
    }

    private static void resize(Path file, long size) throws IOException {
        try (RandomAccessFile writing = new RandomAccessFile(file.toFile(), "rw")) {
            writing.setLength(size);
        }
    }

    private static void refused(Code code, String sentence, Runnable call) {
        assertThatExceptionOfType(HamException.class)
                .isThrownBy(call::run)
                .withMessageStartingWith(sentence)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
