package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What tests over installed daemons have in common. */
final class Daemons {
    private final HamInstance ham;

    Daemons(HamInstance ham) {
        this.ham = ham;
    }

    void awaitReady(String name) {
        Awaitility.await(name + " is ready")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.entity(name).get("ready").getAsBoolean());
    }

    /** As the journal has it. */
    JsonObject reasonOfDeath(long pid) {
        return ham.events("death").stream()
                .filter(death -> death.get("pid").getAsLong() == pid)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no death of process " + pid))
                .getAsJsonObject("reason");
    }

    /**
     * Kills the daemon and expects it back with the reason in the journal; a null signal means an orderly exit. What comes back may
     * end once more, where children of the one before still hold something.
     */
    void survives(String name, String signal, @Nullable String told, boolean abnormal) {
        var before = ham.pid(name);
        kill(before, signal);
        ham.awaitRestart(name, before);
        var reason = reasonOfDeath(before);
        if (told == null) {
            assertThat(reason.get("kind").getAsString()).isEqualTo("exited");
        } else {
            assertThat(reason.get("kind").getAsString()).as("%s", reason).isEqualTo("signalled");
            assertThat(reason.get("signal").getAsString()).isEqualTo(told);
        }
        assertThat(ham.events("abnormal-death").stream()
                        .anyMatch(e -> e.get("pid").getAsLong() == before))
                .isEqualTo(abnormal);
        // Not looked up by environment: redis and others write their title over it.
        Awaitility.await(name + " runs")
                .atMost(HamInstance.PATIENCE)
                .until(() -> HamInstance.isAlive(ham.awaitRestart(name, before)));
    }

    static String find(String program) {
        return List.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/").stream()
                .map(folder -> Path.of(folder + program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(program + " is not installed; .ci/run installs it"))
                .toString();
    }

    static void open(Path folder) throws IOException {
        if (folder.toString().length() > 5) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
