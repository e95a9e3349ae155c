package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ham upgrade} between two distributions, what it falls back on, and what it must not touch. */
class UpgradeIT {
    /** Of what has to happen while the new HAM is on probation. */
    private static final String LONG = "long-probation";

    @RegisterExtension
    private final HamInstance ham = new HamInstance();

    private final Path old = Path.of(System.getProperty("ham.dist"));

    @TempDir
    private Path folder;

    private Path fresh = Path.of("");
    private long web;
    private String shape = "";

    @BeforeEach
    void start(TestInfo test) throws IOException {
        fresh = folder.resolve("new");
        copy(old, fresh);
        var probation = test.getTags().contains(LONG) ? "60s" : "2s";
        ham.settings("guardian: {hang-after: 10s, probation: " + probation + "}\n")
                .restarted("web", "sleep", "100000")
                .restarted("calm", "sleep", "100000")
                .start();
        ham.awaitMirrored();
        web = ham.pid("web");
        shape = ham.shape();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static boolean runs(Path distribution, long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .map(arguments -> List.of(arguments).contains("-Dham.home=" + distribution))
                .orElse(false);
    }

    private static long pid(JsonObject event) {
        return event.get("pid").getAsLong();
    }

    /** Starts the upgrade and waits for the line that says so. */
    private Process begin() throws IOException {
        var running = ham.builder("upgrade", fresh.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("upgrade.out").toFile())
                .start();
        awaitEvent("upgrade-started");
        return running;
    }

    private JsonObject awaitEvent(String type) {
        return Awaitility.await(type)
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events(type), lines -> !lines.isEmpty())
                .getFirst();
    }

    private void notUpgraded(Process running, String why) throws Exception {
        assertThat(running.waitFor()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("upgrade.out"))).contains("not upgraded: ", why);
        assertThat(awaitEvent("upgrade-failed").get("outcome").getAsString()).contains(why);
    }

    /** As it was before, but for who is who. */
    private void oldOnesSupervise() {
        var status = ham.awaitMirrored();
        assertThat(runs(old, status.getAsJsonObject("ham").get("pid").getAsLong()))
                .isTrue();
        assertThat(runs(old, status.getAsJsonObject("guardian").get("pid").getAsLong()))
                .isTrue();
        nobodyElseIsLeft(fresh);
        assertThat(ham.shape()).isEqualTo(shape);
        supervises();
    }

    private static void nobodyElseIsLeft(Path distribution) {
        Awaitility.await("no process of " + distribution)
                .atMost(HamInstance.PATIENCE)
                .until(() -> ProcessHandle.allProcesses().noneMatch(process -> runs(distribution, process.pid())));
    }

    private void supervises() {
        var before = ham.pid("web");
        kill(before, "KILL");
        var back = ham.awaitRestart("web", before);
        assertThat(ham.processes("web")).containsExactly(back);
    }

    @Test
    void bothProcessesAreReplacedThereAndBackAndNoEntityIsTouched() {
        var before = ham.status();
        assertThat(ham.ok("upgrade", fresh.toString())).contains("HAM and Guardian are of " + fresh);
        var status = ham.awaitMirrored();
        assertThat(runs(fresh, status.getAsJsonObject("ham").get("pid").getAsLong()))
                .isTrue();
        assertThat(runs(fresh, status.getAsJsonObject("guardian").get("pid").getAsLong()))
                .isTrue();
        nobodyElseIsLeft(old);
        assertThat(status.get("hamFailures")).isEqualTo(before.get("hamFailures"));
        assertThat(status.get("guardianFailures")).isEqualTo(before.get("guardianFailures"));
        assertThat(ham.pid("web")).isEqualTo(web);
        assertThat(ham.shape()).isEqualTo(shape);
        var took = ham.events("took-over").getLast();
        assertThat(took.getAsJsonObject("data").get("how").getAsString()).isEqualTo("handed-over");
        assertThat(pid(ham.events("handed-over").getLast())).isEqualTo(pid(took));

        // The new Guardian takes over from the new HAM, and what was new becomes old in its turn.
        kill(pid(took), "KILL");
        ham.awaitMirrored(pid(took));
        supervises();
        var settled = ham.pid("web");
        ham.ok("upgrade", old.toString());
        oldOnesSupervise();
        assertThat(ham.events("upgraded")).hasSize(2);
        assertThat(ham.pid("calm")).isNotEqualTo(settled);
    }

    @Test
    void anotherJavaMachineRunsBothAndTheGuardiansAfterThem() throws IOException {
        var jdk = Files.createSymbolicLink(folder.resolve("jdk"), Path.of(System.getProperty("java.home")));
        var calm = ham.pid("calm");
        var before = ham.status();
        assertThat(runsOn(jdk, who(before, "ham"))).isFalse();
        assertThat(ham.ok("upgrade", old.toString(), "--java-home", jdk.toString()))
                .contains("HAM and Guardian are of " + old);
        var after = ham.awaitMirrored(who(before, "guardian"));
        var leader = who(after, "ham");
        var guardian = who(after, "guardian");
        assertThat(leader).isNotEqualTo(who(before, "ham"));
        assertThat(runsOn(jdk, leader)).isTrue();
        assertThat(runsOn(jdk, guardian)).isTrue();

        kill(guardian, "KILL");
        var next = who(ham.awaitMirrored(guardian), "guardian");
        assertThat(runsOn(jdk, next)).isTrue();

        // The one that takes over starts its Guardian on it as well.
        kill(leader, "KILL");
        var last = ham.awaitMirrored(next);
        assertThat(who(last, "ham")).isEqualTo(next);
        assertThat(runsOn(jdk, who(last, "guardian"))).isTrue();

        assertThat(ham.pid("web")).isEqualTo(web);
        assertThat(ham.pid("calm")).isEqualTo(calm);
        assertThat(ham.shape()).isEqualTo(shape);
        assertThat(ham.events("upgrade-failed")).isEmpty();
        supervises();
        // What is behind it is not this test's to clear away.
        Files.delete(jdk);
    }

    private static long who(JsonObject status, String role) {
        return status.getAsJsonObject(role).get("pid").getAsLong();
    }

    /** As it was started and as it starts others; what it executes is the same file by either way to it. */
    private static boolean runsOn(Path jdk, long pid) throws IOException {
        var program = words(pid, "cmdline").getFirst();
        assertThat(Path.of(program).toRealPath())
                .isEqualTo(Path.of("/proc/" + pid + "/exe").toRealPath());
        var inEnvironment = words(pid, "environ").contains("JAVA_HOME=" + jdk);
        assertThat(program.equals(jdk.resolve("bin/java").toString()))
                .as("process %d runs %s", pid, program)
                .isEqualTo(inEnvironment);
        return inEnvironment;
    }

    private static List<String> words(long pid, String file) throws IOException {
        return List.of(Files.readString(Path.of("/proc/" + pid + "/" + file)).split("\0"));
    }

    @Test
    void aDistributionThatDoesNotComeUpChangesNothing() throws IOException {
        var before = ham.hamPid();
        Files.writeString(jar("ham-core"), "this is no jar");
        ham.refused(1, "not upgraded: the new HAM, process ", "upgrade", fresh.toString());
        assertThat(ham.hamPid()).isEqualTo(before);
        assertThat(ham.pid("web")).isEqualTo(web);
        oldOnesSupervise();
    }

    @Test
    void aDistributionThatIsNotWholeDoesNotGetTheLead() throws IOException {
        var before = ham.hamPid();
        Files.delete(jar("control"));
        Files.delete(jar("journal"));
        ham.refused(1, "is not whole: Bundle org.ham.", "upgrade", fresh.toString());
        assertThat(ham.hamPid()).isEqualTo(before);
        oldOnesSupervise();
    }

    private Path jar(String name) throws IOException {
        try (var jars = Files.newDirectoryStream(fresh.resolve("bundles"), name + "-0*.jar")) {
            return jars.iterator().next();
        }
    }

    /** The page in use tells of a version as if those that live were of one that shares another page. */
    @Test
    void aDistributionThatSharesAnotherPageChangesNothing() throws IOException {
        var before = ham.hamPid();
        var page = ham.runDir.resolve("beat.page");
        var inode = Files.getAttribute(page, "unix:ino");
        version(page, 2);
        ham.refused(1, "is of a HAM that shares version 2", "upgrade", fresh.toString());
        assertThat(awaitEvent("upgrade-failed").get("outcome").getAsString())
                .contains(page.toString(), "process " + before + " uses it");
        var log = Files.readString(ham.runDir.resolve("log/upgrade.log"));
        assertThat(log).contains("stop the other with 'ham stop'");
        version(page, 1);
        assertThat(Files.getAttribute(page, "unix:ino")).isEqualTo(inode);
        assertThat(ham.hamPid()).isEqualTo(before);
        assertThat(ham.pid("web")).isEqualTo(web);
        oldOnesSupervise();
    }

    private static void version(Path page, long version) throws IOException {
        try (var file = FileChannel.open(page, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            file.write(bytes.putLong(0, version), Long.BYTES);
        }
    }

    @Test
    void oneThatFailsOnlyWhenItLeadsHandsBack() throws Exception {
        addComponentThatFailsInTheHam();
        var running = begin();
        var handed = awaitEvent("handed-over");
        notUpgraded(running, "the new HAM is not whole: Component broken failed to start");
        oldOnesSupervise();
        assertThat(ham.hamPid()).isNotEqualTo(pid(handed));
        assertThat(ham.events("handed-over")).hasSize(2);
        assertThat(ham.status().get("hamFailures").getAsInt()).isZero();
    }

    /** Its class is not there, which nobody notices before the lead is taken up. */
    private void addComponentThatFailsInTheHam() throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "broken");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Service-Component", "OSGI-INF/broken.xml");
        try (var jar = new JarOutputStream(
                Files.newOutputStream(fresh.resolve("bundles").resolve("zz-broken.jar")), manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/broken.xml"));
            jar.write("""
                    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="broken" immediate="true">
                      <implementation class="no.such.Part"/>
                      <reference name="primary" interface="org.ham.spi.Primary"/>
                    </scr:component>
                    """.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    @Tag(LONG)
    void aNewHamThatDiesOnProbationIsReplacedByTheOldGuardian() throws Exception {
        var running = begin();
        var fallen = pid(awaitEvent("handed-over"));
        awaitEvent("took-over");
        HamInstance.killTogether(List.of(web, fallen));
        notUpgraded(running, "process " + fallen + ", died on probation");
        assertThat(ham.awaitRestart("web", web)).isNotZero();
        oldOnesSupervise();
    }

    @Test
    @Tag(LONG)
    void aNewHamThatHangsOnProbationIsFenced() throws Exception {
        var running = begin();
        var hung = pid(awaitEvent("handed-over"));
        awaitEvent("took-over");
        kill(hung, "STOP");
        kill(web, "KILL");
        notUpgraded(running, "process " + hung + ", hung on probation");
        assertThat(ham.awaitRestart("web", web)).isNotZero();
        oldOnesSupervise();
    }

    /** The candidate will be a process that nothing is handed over to. */
    private void neverReady() throws IOException {
        Files.writeString(fresh.resolve("bin/ham-node"), "#!/bin/sh\nexec sleep 100000\n");
    }

    private void noCandidateIsLeft() {
        var candidate = pid(awaitEvent("upgrade-started"));
        Awaitility.await("the candidate is gone")
                .atMost(HamInstance.PATIENCE)
                .until(() -> !HamInstance.isAlive(candidate));
    }

    @Test
    void aHamThatDiesBeforeItHandsOverIsReplacedByItsGuardian() throws Exception {
        neverReady();
        var guardian = ham.guardianPid();
        var running = begin();
        HamInstance.killTogether(List.of(web, ham.hamPid()));
        notUpgraded(running, "was replaced before it handed over");
        noCandidateIsLeft();
        assertThat(ham.hamPid()).isEqualTo(guardian);
        assertThat(ham.awaitRestart("web", web)).isNotZero();
        oldOnesSupervise();
    }

    @Test
    void aCandidateThatDiesChangesNothing() throws Exception {
        neverReady();
        var before = ham.hamPid();
        var running = begin();
        kill(pid(awaitEvent("upgrade-started")), "KILL");
        notUpgraded(running, "was ended by SIGKILL");
        noCandidateIsLeft();
        assertThat(ham.hamPid()).isEqualTo(before);
        oldOnesSupervise();
    }

    @Test
    void withoutItsGuardianTheHamWaitsForTheNextOne() throws Exception {
        var running = begin();
        kill(ham.guardianPid(), "KILL");
        assertThat(running.waitFor())
                .as(Files.readString(folder.resolve("upgrade.out")))
                .isZero();
        var status = ham.awaitMirrored();
        assertThat(runs(fresh, status.getAsJsonObject("ham").get("pid").getAsLong()))
                .isTrue();
        nobodyElseIsLeft(old);
        assertThat(ham.pid("web")).isEqualTo(web);
        supervises();
    }

    @Test
    @Tag(LONG)
    void aStopInTheMiddleStopsAll() throws IOException {
        begin();
        ham.ok("stop");
        nobodyElseIsLeft(fresh);
        nobodyElseIsLeft(old);
        assertThat(HamInstance.isAlive(web)).isTrue();
    }

    @Test
    void aNewerBundleOfHamsOwnRunsWhileItLiesInThePlugInFolder() throws Exception {
        var versions = new NewVersions(folder);
        var plugins = Files.createDirectories(ham.conf.resolve("plugins"));
        var before = ham.hamPid();
        drop(versions.build("org.ham.core", 1), plugins.resolve("core.jar"));
        awaitEvent("upgraded");
        assertThat(ham.hamPid()).isNotEqualTo(before);
        assertThat(ham.ok("shell", "--", "lb -s")).containsPattern("org\\.ham\\.core \\([^)]*1");
        assertThat(ham.pid("web")).isEqualTo(web);
        supervises();

        // One that is broken is left out, and the good one goes on.
        Files.writeString(folder.resolve("broken.jar"), "");
        var good = ham.awaitMirrored();
        drop(broken(), plugins.resolve("core.jar"));
        assertThat(awaitEvent("upgrade-failed").get("outcome").getAsString()).contains("is of no use");
        ham.awaitStatus("the alarm", s -> s.get("alarm").getAsString().contains("core.jar did not come up"));
        assertThat(ham.hamPid())
                .isEqualTo(good.getAsJsonObject("ham").get("pid").getAsLong());

        Files.delete(plugins.resolve("core.jar"));
        Awaitility.await("the distribution's own is back")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events("upgraded").size() == 2);
        ham.awaitStatus("no alarm", s -> s.get("alarm").getAsString().isEmpty());
        assertThat(ham.events("upgrade-failed")).hasSize(1);
        assertThat(ham.shape()).isEqualTo(shape);
        supervises();
    }

    private static void drop(Path jar, Path to) throws IOException {
        var beside = to.resolveSibling(".dropped");
        Files.copy(jar, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Has the name of the core and nothing in it. */
    private Path broken() throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "org.ham.core");
        manifest.getMainAttributes().putValue("Bundle-Version", "0.9.0");
        manifest.getMainAttributes().putValue("Import-Package", "no.such.thing");
        var jar = folder.resolve("broken.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    @Test
    @Tag(LONG)
    void whatCannotBeIsRefusedAndNothingBegins() throws IOException {
        ham.refused(1, "no distribution of HAM in " + folder, "upgrade", folder.toString());
        ham.refused(1, "no Java machine in " + folder, "upgrade", fresh.toString(), "--java-home", folder.toString());
        ham.refused(2, "Missing required parameter", "upgrade");
        assertThat(ham.events("upgrade-started")).isEmpty();
        begin();
        ham.refused(1, "an upgrade is under way to " + fresh, "upgrade", fresh.toString());
    }
}
