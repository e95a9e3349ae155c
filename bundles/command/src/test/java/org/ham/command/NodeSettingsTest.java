package org.ham.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSettingsTest {
    @TempDir
    private Path folder;

    private Path script;
    private Path conf;

    @BeforeEach
    void distribution() throws IOException {
        script = Files.createDirectories(folder.resolve("home/bin")).resolve("ham-node");
        Files.createFile(script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        conf = Files.createDirectory(folder.resolve("conf"));
    }

    private NodeSettings read(Map<String, String> more) {
        var environment = new java.util.HashMap<>(
                Map.of("HAM_HOME", folder.resolve("home").toString()));
        environment.putAll(more);
        return NodeSettings.read(List.of("--run-dir", "/run/x y", "--conf", conf.toString()), environment);
    }

    @Test
    void theSecondNodeIsStartedLikeThisOne() {
        var settings = read(Map.of());
        assertThat(settings.runDir()).isEqualTo(Path.of("/run/x y"));
        assertThat(settings.properties())
                .containsEntry("ham.run.dir", "/run/x y")
                .containsEntry(
                        "ham.guardian.command",
                        "'" + script + "' '-Dham.conf.dir=" + conf + "' '-Dham.run.dir=/run/x y'");
    }

    @Test
    void whatTheFileSaysIsAFrameworkProperty() throws IOException {
        Files.writeString(conf.resolve("ham.yaml"), "guardian: {beat: 50ms, command: ''}\n");
        assertThat(read(Map.of()).properties())
                .containsEntry("ham.guardian.beat", "50ms")
                .containsEntry("ham.guardian.command", "");
    }

    @Test
    void aWrongFileIsRefusedByTheHamButNotByItsGuardian() throws IOException {
        Files.writeString(conf.resolve("ham.yaml"), "guardian: {beat: soon}\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of()))
                .withMessageContaining("ham.yaml")
                .withMessageContaining("soon");
        assertThat(read(Map.of("HAM_GUARDIAN_OF", "4711")).properties()).doesNotContainKey("ham.guardian.beat");
    }

    @Test
    void withoutADistributionItSaysHowToStartANode() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeSettings.read(List.of(), Map.of()))
                .withMessageContaining("bin/ham");
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeSettings.read(List.of("--what"), Map.of()))
                .withMessageContaining("--what");
    }
}
