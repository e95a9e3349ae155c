package org.ham.detector.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.ham.api.ProcessId;
import org.ham.linux.Linux;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Spawn;
import org.ham.linux.UnixDatagramSocket;
import org.ham.spi.Roster.Member;
import org.ham.spi.Supervisor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real processes that notify, by {@code systemd-notify} and by hand, over a real socket. */
class RealSendersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGKILL = 9;

    private final Linux linux = Linux.open();
    private final FakeMachine machine = new FakeMachine();
    private final Complaints complaints = new Complaints(linux.clocks()::monotonic);
    private final Aside aside = new Aside(linux.reactor()::wake);
    private final List<ProcessRef> started = new ArrayList<>();
    private Path folder;
    private Path path;
    private UnixDatagramSocket socket;
    private Thread loop;
    private volatile boolean closing;

    RealSendersTest() throws IOException {
        // The default folder for temporary files may have a path too long for a socket.
        folder = Files.createTempDirectory(Path.of("/tmp"), "ham-n-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        path = folder.resolve("notify.sock");
        socket = linux.sockets().bind(path, 0666, 0);
        loop = Thread.ofPlatform().unstarted(this::run);
    }

    private void run() {
        while (!closing) {
            linux.reactor().await(Long.MAX_VALUE);
        }
    }

    @BeforeEach
    void read() {
        socket.onDatagram(postbox());
        loop.start();
    }

    private Postbox postbox() {
        var kin = new Kin(machine, Proc.files(), folder.toString());
        var ham = (Supervisor) Proxy.newProxyInstance(
                Supervisor.class.getClassLoader(), new Class<?>[] {Supervisor.class}, (_, _, _) -> Optional.empty());
        return new Postbox(
                kin,
                new Senders(machine, kin),
                new Sayings(machine, ham, new Voices(machine, machine), new Graces(machine, machine)),
                complaints,
                aside,
                linux.clocks()::monotonic,
                this::identify);
    }

    private Optional<ProcessId> identify(long pid) {
        try {
            return Optional.of(id(linux.processes().identify(pid)));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    private static ProcessId id(ProcessRef process) {
        return new ProcessId(process.pid(), process.startTime(), process.inode(), process.bootId());
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        for (var process : started) {
            try {
                linux.signals().sendToGroup(process, SIGKILL);
            } catch (LinuxException e) {
                // It has ended by itself.
                continue;
            }
        }
        closing = true;
        linux.reactor().wake();
        loop.join();
        aside.close();
        socket.close();
        linux.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Map<String, String> environment(String entity) {
        var environment = new HashMap<>(System.getenv());
        environment.putAll(Map.of(
                "NOTIFY_SOCKET",
                path.toString(),
                "HAM_RUN_DIR",
                folder.toString(),
                "HAM_ENTITY",
                entity,
                "HAM_INVOCATION_ID",
                "test-" + entity,
                "OUT",
                folder.resolve(entity + ".out").toString()));
        return environment;
    }

    /** An entity that runs a script. It waits until it is known, as the core knows it before its first instruction. */
    private long entity(String name, Optional<String> user, String script) {
        var process = linux.processes()
                .spawn(new Spawn(
                        List.of("bash", "-c", "while [ ! -e " + folder + "/go ]; do sleep 0.01; done; " + script),
                        Optional.of(folder),
                        environment(name),
                        user,
                        Map.of(),
                        Optional.of(folder.resolve(name + ".log"))));
        started.add(process);
        machine.entities.put(name, new Member(name, id(process), true));
        return process.pid();
    }

    private void go() throws IOException {
        Files.createFile(folder.resolve("go"));
    }

    private String out(String entity) {
        var file = folder.resolve(entity + ".out");
        await().atMost(PATIENCE).until(() -> Files.exists(file) && Files.size(file) > 0);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void told(String... what) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(machine.told).contains(what));
    }

    private static void needs(String program) {
        assumeTrue(
                List.of("/usr/bin/", "/bin/", "/usr/local/bin/").stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program))),
                program);
    }

    @Test
    void systemdNotifySaysItIsReadyAndItsBarrierOpens() throws IOException {
        needs("systemd-notify");
        var pid = entity(
                "web", Optional.empty(), "systemd-notify --ready --status='up and well'; echo $? > $OUT; sleep 60");
        go();
        told("ready web " + pid, "text web " + pid + " up and well");
        assertThat(out("web")).isEqualTo("0");
        assertThat(complaints.count()).isZero();
    }

    @Test
    void systemdNotifyOfAnotherUserIsAttributedToItsEntity() throws IOException {
        needs("systemd-notify");
        assumeTrue(linux.self().pid() > 0 && "root".equals(System.getProperty("user.name")), "root");
        var pid = entity(
                "web",
                Optional.of("nobody"),
                "systemd-notify READY=1; systemd-notify WATCHDOG=1; echo $? > $OUT; sleep 60");
        go();
        told("ready web " + pid, "beat web " + pid);
        assertThat(out("web")).isEqualTo("0");
        assertThat(complaints.count()).isZero();
    }

    @Test
    void systemdNotifyNamesAMainProcess() throws IOException {
        needs("systemd-notify");
        var pid = entity("web", Optional.empty(), "sleep 60 & echo $! > $OUT; systemd-notify --ready --pid=$!; wait");
        go();
        var main = out("web");
        told("main web " + pid + " to " + main, "ready web " + main);
    }

    @Test
    void aMainProcessOfAnotherEntityIsRefused() throws IOException {
        needs("systemd-notify");
        var db = entity("db", Optional.empty(), "sleep 60; true");
        var pid =
                entity("web", Optional.empty(), "systemd-notify --ready MAINPID=" + db + "; echo $? > $OUT; sleep 60");
        go();
        assertThat(out("web")).isEqualTo("0");
        told("ready web " + pid);
        assertThat(machine.told).noneMatch(line -> line.startsWith("main"));
        assertThat(complaints.count()).isEqualTo(1);
    }

    @Test
    void aStrangerIsRefusedAndNotKeptWaiting() throws IOException, InterruptedException, ExecutionException {
        needs("systemd-notify");
        var builder = new ProcessBuilder("systemd-notify", "--ready");
        builder.environment().put("NOTIFY_SOCKET", path.toString());
        assertThat(builder.start().onExit().get().exitValue()).isZero();
        await().atMost(PATIENCE).until(() -> complaints.count() == 1);
        assertThat(machine.told).isEmpty();
    }

    @Test
    void anOrphanThatLeftTheSessionIsKnownByItsStart() throws IOException {
        needs("python3");
        var pid = entity("web", Optional.empty(), """
                python3 - <<'END'
                import os, socket, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() > 0:
                        os._exit(0)
                    while os.getppid() != 1 and os.path.exists('/proc/%d/stat' % os.getppid()) and \\
                            open('/proc/%d/cmdline' % os.getppid()).read().startswith('python3'):
                        time.sleep(0.01)
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    s.connect(os.environ['NOTIFY_SOCKET'])
                    s.send(b'READY=1')
                    r, w = os.pipe()
                    socket.send_fds(s, [b'BARRIER=1'], [w])
                    os.close(w)
                    os.read(r, 1)
                    open(os.environ['OUT'], 'w').write('opened')
                    os._exit(0)
                END
                sleep 60; true""");
        go();
        assertThat(out("web")).isEqualTo("opened");
        told("ready web " + pid);
    }

    @Test
    void aMessageWithAllThatCanGoWrongHarmsNobody() throws IOException {
        needs("python3");
        var pid = entity("web", Optional.empty(), """
                python3 - <<'END'
                import os, socket
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.connect(os.environ['NOTIFY_SOCKET'])
                for m in [b'', b'\\0', b'x' * 5000, b'\\xff' * 100, b'READY=1\\0X', b'A=1\\n' * 500, b'READY=yes', b'MAINPID=x']:
                    s.send(m)
                r, w = os.pipe()
                socket.send_fds(s, [b'FDSTORE=1\\nSTATUS=done'], [w] * 100)
                os.close(w)
                os.read(r, 1)
                END
                echo $? > $OUT; sleep 60""");
        go();
        told("text web " + pid + " done");
        assertThat(out("web")).isEqualTo("0");
        assertThat(machine.told).hasSize(1);
    }
}
