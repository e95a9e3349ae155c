package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpawnTest {
    private final Kit kit = new Kit();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void aProcessGetsExactlyItsEnvironmentDirectoryAndOutput() throws IOException {
        Path output = folder.resolve("out.log");
        Files.writeString(output, "before\n");
        Spawn spawn = new Spawn(
                List.of("/bin/sh", "-c", "pwd; env | sort; echo wrong >&2"),
                Optional.of(folder),
                Map.of("A", "ä b", "PATH", "/usr/bin:/bin"),
                Optional.empty(),
                Map.of(),
                Optional.of(output));
        assertThat(kit.run(spawn)).isEqualTo(ExitStatus.exited(0));
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).startsWith("before", folder.toString()).endsWith("wrong");
        assertThat(lines).contains("A=ä b", "PATH=/usr/bin:/bin").noneMatch(line -> line.startsWith("HOME="));
    }

    @Test
    void aProcessFindsItsOwnPidWhereItIsAskedFor() throws IOException {
        Path output = folder.resolve("out.log");
        Spawn spawn = Kit.to(Kit.shell("echo $$ $PID_A $PID_B \"$1\""), output);
        List<String> command = new ArrayList<>(spawn.command());
        command.addAll(List.of("sh", "a  'b'"));
        kit.run(new Spawn(
                command,
                spawn.directory(),
                spawn.environment(),
                spawn.user(),
                Map.of("nofile", 100L),
                spawn.output(),
                Map.of(),
                Set.of("PID_A", "PID_B")));
        assertThat(Files.readString(output)).matches("(\\d+) \\1 \\1 a  'b'\n");
    }

    @Test
    void aProgramThatIsNotThereIsRefusedEvenWithAPidToFindOut() {
        Spawn spawn = Kit.command("/no/such/program").withPidIn(Set.of("PID_A"));
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.start(spawn))
                .withMessage("command: the program /no/such/program does not exist");
    }

    @Test
    void aNewOutputFileIsForTheOwnerAndTheGroup() throws IOException {
        Path output = folder.resolve("new.log");
        kit.run(Kit.to(Kit.shell("echo x"), output));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .startsWith("rw-")
                .endsWith("---");
    }

    @Test
    void aProgramWithoutSlashIsLookedUpInThePathOfTheEnvironment() throws IOException {
        Path program = Files.writeString(folder.resolve("mine"), "#!/bin/sh\nexit 7\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Spawn spawn = new Spawn(
                List.of("mine"),
                Optional.empty(),
                Map.of("PATH", "/nowhere:" + folder),
                Optional.empty(),
                Map.of(),
                Optional.empty());
        assertThat(kit.run(spawn)).isEqualTo(ExitStatus.exited(7));
    }

    @Test
    void aProcessLeadsASessionOfItsOwn() {
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        ProcStat stat = ProcStat.of(process.pid()).orElseThrow();
        assertThat(stat.session()).isEqualTo(process.pid());
        assertThat(stat.group()).isEqualTo(process.pid());
    }

    @Test
    void nothingOfThisProcessLeaksIntoAnother() throws IOException {
        try (ServerSocket socket = new ServerSocket(0);
                FileInputStream file = new FileInputStream("/proc/self/status")) {
            assertThat(socket.isBound()).isTrue();
            assertThat(file.available()).isGreaterThanOrEqualTo(0);
            ProcessRef process = kit.startStopped(spawn -> Kit.to(spawn, folder.resolve("out")));
            try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
                assertThat(open.map(SpawnTest::target).sorted())
                        .containsExactlyInAnyOrder(
                                "/dev/null",
                                folder.resolve("out").toString(),
                                folder.resolve("out").toString());
            }
        }
    }

    @Test
    void signalsAreAtTheirDefaultAndNoneIsBlocked() throws IOException {
        ProcessRef process = kit.start(Kit.command("sleep", "60"));
        List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
        assertThat(status).contains("SigBlk:\t0000000000000000");
        // glibc itself ignores 32 and 33, which it keeps for threads.
        assertThat(status)
                .containsAnyOf("SigIgn:\t0000000000000000", "SigIgn:\t0000000180000000", "SigIgn:\t0000000100000000");
    }

    @Test
    void limitsAreSetUnderTheSamePid() throws IOException {
        ProcessRef process = kit.start(withLimits(Kit.command("sleep", "60"), Map.of("nofile", 77L, "core", 0L)));
        kit.turnUntil(() -> comm(process).equals("sleep"));
        assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/limits")))
                .containsPattern("Max open files +77 +77")
                .containsPattern("Max core file size +0 +0");
        assertThat(kit.processes.isAlive(process)).isTrue();
    }

    @Test
    void anotherUserIsARightOfRoot() throws IOException {
        if (Users.effective() != 0) {
            refused(as(Kit.command("sleep", "60"), "root"), "EPERM", "user: this process runs as uid");
            return;
        }
        Spawn spawn = as(Kit.command("sleep", "60"), "nobody");
        ProcessRef process = kit.start(spawn);
        kit.turnUntil(() -> comm(process).equals("sleep"));
        long nobody = Users.find("nobody").orElseThrow().uid();
        assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/status")))
                .contains("Uid:\t" + nobody + "\t" + nobody + "\t" + nobody + "\t" + nobody);
    }

    @Test
    void whatCannotWorkIsRefusedBeforehandWithASentenceThatNamesTheField() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        refused(Kit.command("no-such-program"), "ENOENT", "command: there is no program 'no-such-program' in the PATH");
        refused(Kit.command("/no/such"), "ENOENT", "command: the program /no/such does not exist");
        refused(Kit.command(plain.toString()), "EACCES", "command: " + plain + " is not executable");
        refused(Kit.command(folder.toString()), "EACCES", "command: " + folder + " is a directory");
        refused(in(Kit.command("true"), Path.of("/no/such")), "ENOENT", "directory: /no/such does not exist");
        refused(in(Kit.command("true"), plain), "ENOTDIR", "directory: " + plain + " is not a directory");
        refused(as(Kit.command("true"), "no-such-user"), "EINVAL", "user: there is no user 'no-such-user'");
        refused(withLimits(Kit.command("true"), Map.of("files", 1L)), "EINVAL", "limits: there is no limit 'files'");
        refused(withLimits(Kit.command("true"), Map.of("core", -2L)), "EINVAL", "limits: core is -2");
        refused(
                withLimits(Kit.command("true"), Map.of("nofile", 1L << 40)),
                "EINVAL",
                "limits: nofile 1099511627776 is above");
        refused(Kit.to(Kit.command("true"), Path.of("/no/such/log")), "ENOENT", "output: the folder /no/such");
        refused(Kit.to(Kit.command("true"), folder), "EISDIR", "output: " + folder + " is a directory");
        refused(withLimits(Kit.command("/no/such"), Map.of("core", 0L)), "ENOENT", "command: the program /no/such");
    }

    @Test
    void aScriptWhoseInterpreterIsMissingIsRefusedByItsName() throws IOException {
        refused(Kit.command(script("#!/no/such/python -u\n")), "ENOENT", "command: the script " + folder);
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.processes.check(Kit.command(script("#! /no/such/python -u\n"))))
                .withMessageContaining("is to be run by /no/such/python, as its first line says, which does not exist");
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.processes.check(Kit.command(script("#!/bin/sh\r\n"))))
                .withMessageContaining("is to be run by /bin/sh\\r,");
        kit.processes.check(Kit.command(script("#!/bin/sh -e\n")));
    }

    private String script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("script.sh"), text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    @Test
    void aFileWithoutAFormatIsRefusedByTheStart() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "echo x\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.start(Kit.command(script.toString())))
                .withMessageContaining("a script needs a first line like #!/bin/sh")
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ENOEXEC"));
    }

    @Test
    void aRefusedStartLeavesNothingBehind() {
        List<Integer> before = OwnDescriptors.from(0);
        for (int i = 0; i < 50; i++) {
            assertThatExceptionOfType(LinuxException.class).isThrownBy(() -> kit.start(Kit.command("/no/such")));
        }
        assertThat(OwnDescriptors.from(0)).hasSameSizeAs(before);
    }

    private void refused(Spawn spawn, String errno, String sentence) {
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.processes.check(spawn))
                .withMessageStartingWith(sentence)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(errno));
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.start(spawn))
                .withMessageStartingWith(sentence);
    }

    private static Spawn in(Spawn spawn, Path directory) {
        return new Spawn(
                spawn.command(),
                Optional.of(directory),
                spawn.environment(),
                spawn.user(),
                spawn.limits(),
                spawn.output());
    }

    private static Spawn as(Spawn spawn, String user) {
        return new Spawn(
                spawn.command(),
                spawn.directory(),
                spawn.environment(),
                Optional.of(user),
                spawn.limits(),
                spawn.output());
    }

    private static Spawn withLimits(Spawn spawn, Map<String, Long> limits) {
        return new Spawn(spawn.command(), spawn.directory(), spawn.environment(), spawn.user(), limits, spawn.output());
    }

    private static String comm(ProcessRef process) {
        return ProcFs.read("/proc/" + process.pid() + "/comm", 64)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .orElse("");
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
