package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples that check themselves, each over its own entity files. */
class ExamplesIT {
    private static final Path EXAMPLES = Path.of(System.getProperty("ham.root")).resolve("examples");
    private static final Path DIST = Path.of(System.getProperty("ham.dist"));
    private static final long MINUTES = 8;

    /** Registered first and so asked last: when the HAM and the database are gone. */
    @Order(1)
    @RegisterExtension
    final AfterEachCallback tidying = _ -> deleteData();

    @Order(2)
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @Test
    void aServiceIsRecoveredInStagesWithItsDependent() throws Exception {
        copy("multistage");
        ham.start();
        check("multistage");
    }

    @Test
    void whatIsPublishedIsHeardByWhoAskedForIt() throws Exception {
        copy("publish");
        ham.start();
        check("publish");
    }

    @Test
    void aMonitorIsNotified() throws Exception {
        ham.start();
        check("notification");
    }

    @Test
    void aHogIsKilledForWhomItStarves() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
        copy("starvation");
        ham.start();
        check("starvation");
    }

    @Test
    void aClientReadsOnWhileItsServerIsKilled() throws Exception {
        copy("recovery");
        ham.start();
        check("recovery");
    }

    @Test
    @Tag("real")
    void aJdbcProgramSeesNoErrorWhileItsDatabaseIsKilled() throws Exception {
        copy("recovery-jdbc");
        ham.start();
        check("recovery-jdbc");
    }

    /** Beside the run-dir, which the database's user may not enter. */
    private Path data() {
        return ham.runDir.resolveSibling(ham.runDir.getFileName() + "-data");
    }

    private void deleteData() throws IOException {
        Files.deleteIfExists(data().resolveSibling(data().getFileName() + ".port"));
        if (Files.exists(data())) {
            try (var files = Files.walk(data())) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Path driver() throws URISyntaxException {
        return Path.of(org.postgresql.Driver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** The folder that an example names is its run-dir. */
    private void copy(String example) throws IOException {
        var from = EXAMPLES.resolve(example);
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var to = ham.conf.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.writeString(to, Files.readString(file).replace("/tmp/ham-" + example, ham.runDir.toString()));
            }
        }
    }

    private void check(String example) throws Exception {
        var script = EXAMPLES.resolve(example).resolve(example + ".sh");
        var builder = new ProcessBuilder("sh", script.toString()).inheritIO();
        builder.environment().put("HAM_RUN_DIR", ham.runDir.toString());
        builder.environment().put("HAM", DIST.resolve("bin/ham").toString());
        builder.environment().put("HAM_BUNDLES", DIST.resolve("bundles").toString());
        builder.environment().put("PGJDBC", driver().toString());
        builder.environment().put("DATA", data().toString());
        builder.environment().put("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
        var running = builder.start();
        if (!running.waitFor(MINUTES, TimeUnit.MINUTES)) {
            running.destroy();
            throw new AssertionError(script + " did not end");
        }
        assertThat(running.exitValue()).as(script.toString()).isZero();
    }
}
