package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ham upgrade} there and back between two builds, while entities are killed ten times a second, programs call, and entities beat. {@code
 * -Dham.upgrades=100} makes the long campaign.
 */
@Timeout(14_400)
class UpgradeLoadIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void nobodyNoticesAnUpgrade() throws Exception {
        var times = Integer.getInteger("ham.upgrades", 2);
        var old = Path.of(System.getProperty("ham.dist"));
        var fresh = otherBuild(old);
        var load = new Load(ham, programs).prepare("probation: 1s");
        ham.start();
        ham.awaitMirrored();
        load.begin();
        var components = new Components(ham);
        var states = components.states();
        for (var time = 0; time < times; time++) {
            var to = time % 2 == 0 ? fresh : old;
            load.during(time % 2 == 0 ? "to the other build" : "back");
            ham.ok("upgrade", to.toString());
            load.during("nothing");
            ham.awaitMirrored();
            assertThat(components.states()).isEqualTo(states);
        }
        load.end("upgrade", times);
        assertThat(ham.events("upgraded")).hasSize(times);
        assertThat(ham.events("upgrade-failed")).isEmpty();
    }

    /** All bundles of HAM's own have another version there. */
    private Path otherBuild(Path old) throws IOException {
        var fresh = folder.resolve("other");
        try (var files = Files.walk(old)) {
            for (var file : files.toList()) {
                var target = fresh.resolve(old.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        var versions = new NewVersions(folder);
        for (var name : versions.names()) {
            if (name.startsWith("org.ham.")) {
                Files.copy(
                        versions.build(name, 1),
                        fresh.resolve("bundles").resolve(versions.fileName(name)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return fresh;
    }
}
