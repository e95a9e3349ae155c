package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of HAM itself are updated in the running HAM to versions that do not come up. */
@Timeout(300)
class UpdateTakenBackIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @TempDir
    Path folder;

    @Test
    void whatDoesNotComeUpIsTakenBackAndTheTimelineSaysWhy() {
        ham.restarted("web", "sleep", "1000");
        ham.start();
        ham.awaitMirrored();
        var leads = ham.hamPid();
        var gogo = new GogoLine(ham);
        var versions = new NewVersions(folder);
        for (var name : List.of("org.ham.control", "org.ham.detector.heartbeat", "org.ham.core")) {
            var runs = line(gogo, name);
            var web = ham.pid("web");
            var bad = versions.build(
                    name, 1, main -> main.putValue("Import-Package", main.getValue("Import-Package") + ",org.nowhere"));
            gogo.run("update " + id(runs) + " file:" + bad);
            // With the core it is gone for a while, as is what tells of it.
            HamInstance.kill(web, "KILL");
            Awaitility.await("the alarm of " + name)
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> alarms("alarm").contains("update:" + name));
            Awaitility.await("all runs as before the update of " + name)
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> line(gogo, name).equals(runs));
            ham.awaitRestart("web", web);
        }
        assertThat(ham.events("alarm").toString())
                .contains("did not come up", "org.nowhere", "with which HAM was started, runs again");
        assertThat(ham.events("restarted")).hasSize(3);
        assertThat(ham.events("death")).hasSize(3);
        assertThat(ham.hamPid()).isEqualTo(leads);
        gogo.run("update " + id(line(gogo, "org.ham.control")) + " file:" + versions.build("org.ham.control", 2));
        Awaitility.await("the end of the alarm")
                .atMost(HamInstance.PATIENCE)
                .until(() -> alarms("alarm-over").contains("update:org.ham.control"));
    }

    private List<String> alarms(String type) {
        return ham.events(type).stream()
                .map(event -> event.getAsJsonObject("data").get("source").getAsString())
                .toList();
    }

    private static String line(GogoLine gogo, String name) {
        return gogo.run("lb -s")
                .lines()
                .filter(line -> line.contains("|" + name + " ("))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + name));
    }

    private static String id(String line) {
        return line.split("\\|")[0].strip();
    }
}
