package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.PATIENCE;
import static org.ham.itests.node.HamInstance.kill;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tree as files, read by the programs people read files with. */
class ViewIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    private final Path view = ham.runDir.resolve("view");

    @BeforeEach
    void needsFuse() {
        var root = System.getProperty("user.name").equals("root");
        assumeTrue(root && Files.isWritable(Path.of("/dev/fuse")), "no root or no /dev/fuse");
    }

    @Test
    void readByLsAndCatItIsWhatInfoPrints() {
        ham.restarted("web", "sleep", "100000")
                .entity("later", "placeholder: true\n")
                .start();
        ham.ok("condition", "add", "*", "any", "any");
        ham.ok("action", "add", "*/any", "log", "log", "message=something");
        awaitFile(".info");
        awaitFile("web/died/restart");

        assertThat(run("ls", "-A", view.toString())).isEqualTo("*\n.info\nlater\nweb\n");
        assertThat(run("ls", "-A", view + "/web")).isEqualTo(".info\ndied\n");
        assertThat(run("ls", "-A", view + "/web/died")).isEqualTo(".info\nrestart\n");
        var modes = run("find", view.toString(), "-printf", "%y %m %U %P\n").lines();
        assertThat(modes).allMatch(line -> line.startsWith("d 500 0 ") || line.startsWith("f 400 0 "));
        assertThat(run("find", view.toString(), "-type", "f", "-empty")).isEmpty();
        assertThat(run("grep", "-rl", "Path", view.toString()).lines()).hasSize(7);
        files().forEach((file, text) -> {
            var path = file.replaceAll("/?[.]info$", "");
            assertThat(text).as(file).isEqualTo(path.isEmpty() ? ham.ok("info") : ham.ok("info", path));
        });
        assertThat(Files.isWritable(view)).isFalse();
    }

    @Test
    void followsTheTree() {
        ham.start();
        awaitFile(".info");
        ham.ok("attach", "nap", "--", "sleep", "100000");
        assertThat(run("cat", view + "/nap/.info")).contains("Entity Pid", ": " + ham.pid("nap") + "\n");
        ham.ok("detach", "nap");
        assertThat(run("ls", view.toString())).isEqualTo("*\n");
        assertThat(ham.runDir.resolve("view/nap/.info")).doesNotExist();
    }

    @Test
    void isBackAfterTheHamWasKilledAndGoneAfterAStop() throws Exception {
        ham.restarted("web", "sleep", "100000").start();
        ham.awaitMirrored();
        for (var round = 0; round < 3; round++) {
            var victim = ham.hamPid();
            var guardian = ham.guardianPid();
            awaitFile("web/.info");
            kill(victim, "KILL");
            ham.awaitMirrored(guardian);
            awaitInfo("Ham Pid", guardian);
            assertThat(run("cat", view + "/web/.info")).isEqualTo(ham.ok("info", "web"));
            assertThat(mounts()).as("the dead ones are taken away").isEqualTo(1);
        }
        ham.ok("stop");
        assertThat(mounts()).isZero();
        assertThat(view).isEmptyDirectory();
    }

    @Test
    void aHamThatStandsStillDoesNotHoldItsReadersForEver() throws Exception {
        ham.restarted("web", "sleep", "100000")
                .settings("guardian: {beat: 100ms, hang-after: 5s}\n")
                .start();
        ham.awaitMirrored();
        awaitFile(".info");
        var stopped = ham.hamPid();
        kill(stopped, "STOP");
        var reader = new ProcessBuilder("cat", view + "/web/.info")
                .redirectErrorStream(true)
                .start();
        assertThat(reader.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        ham.awaitStatus("another HAM", s -> s.getAsJsonObject("ham").get("pid").getAsLong() != stopped);
        awaitInfo("Ham Pid", ham.hamPid());
    }

    @Test
    void manyReadersDoNotDisturbSupervision() throws Exception {
        ham.restarted("web", "sleep", "100000").start();
        awaitFile("web/.info");
        var readers = new ArrayList<Process>();
        for (var i = 0; i < 8; i++) {
            readers.add(new ProcessBuilder("sh", "-c", "while :; do find . -type f -exec cat {} + ; done")
                    .directory(view.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        try {
            var pid = ham.pid("web");
            for (var i = 0; i < 5; i++) {
                kill(pid, "KILL");
                pid = ham.awaitRestart("web", pid);
            }
            assertThat(ham.entity("web").get("restarts").getAsInt()).isEqualTo(5);
            assertThat(readers).allMatch(Process::isAlive);
        } finally {
            readers.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void isNowhereWhenItIsSwitchedOff() {
        ham.settings("view: {mount: off}\n").start();
        ham.awaitMirrored();
        assertThat(mounts()).isZero();
        assertThat(view).doesNotExist();
    }

    /** All files by their paths. */
    private Map<String, String> files() {
        var files = new TreeMap<String, String>();
        run("find", view.toString(), "-type", "f", "-printf", "%P\n")
                .lines()
                .forEach(file -> files.put(file, run("cat", view.resolve(file).toString())));
        return files;
    }

    private void awaitFile(String file) {
        Awaitility.await(file).atMost(PATIENCE).until(() -> Files.isReadable(view.resolve(file)));
    }

    private void awaitInfo(String label, long value) {
        Awaitility.await(label + " " + value)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Files.readString(view.resolve(".info"))
                        .lines()
                        .anyMatch(line -> line.startsWith(label) && line.endsWith(" : " + value)));
    }

    private long mounts() {
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(line -> line.contains(" " + view + " ")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... words) {
        try {
            var process = new ProcessBuilder(words).start();
            process.getOutputStream().close();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", List.of(words), err).isZero();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
