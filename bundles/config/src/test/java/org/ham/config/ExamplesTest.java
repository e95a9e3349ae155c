package org.ham.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the project's own configuration folders is right. */
class ExamplesTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @Test
    void everyEntityFileOfTheExamplesIsValid() throws Exception {
        for (var example : List.of("first", "restart", "heartbeat", "multistage", "publish")) {
            var files = new EntityFolder(ROOT.resolve("examples").resolve(example)).read();

            assertThat(files)
                    .hasValueSatisfying(loaded -> assertThat(loaded)
                            .isNotEmpty()
                            .allSatisfy((_, file) ->
                                    assertThat(file.parsed().problems()).isEmpty()));
        }
    }

    @Test
    void everyInstanceFileIsValid() {
        assertThat(InstanceFile.read(ROOT.resolve("examples/first/ham.yaml")).problems())
                .isEmpty();
        assertThat(InstanceFile.read(ROOT.resolve("dist/conf/ham.yaml")))
                .satisfies(file -> assertThat(file.problems()).isEmpty())
                .satisfies(file -> assertThat(file.properties()).isEmpty());
    }

    @Test
    void everyDefaultThatTheInstanceFileDocumentsIsValid() throws Exception {
        var text = Files.readString(ROOT.resolve("dist/conf/ham.yaml"))
                .replaceAll("(?m)^# [^ ].*$", "")
                .replaceAll("(?m)^#  # .*$", "")
                .replaceAll("(?m)^#", "");
        var file = InstanceFile.parse("ham.yaml", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(file.problems()).isEmpty();
        assertThat(file.properties().keySet()).containsExactlyInAnyOrderElementsOf(InstanceFile.known());
        assertThat(file.properties()).containsEntry("ham.guardian.hang-after", "3s");
    }
}
