package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ham.api.HamException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
    @TempDir
    private Path folder;

    private Path node;

    @BeforeEach
    void make() throws IOException {
        node = Files.createFile(Files.createDirectories(folder.resolve("bin")).resolve("ham-node"));
        Files.createDirectories(folder.resolve("bundles"));
        Files.createDirectories(folder.resolve("lib"));
    }

    @Test
    void itsNodesAreStartedLikeThoseOfTheOtherOneButLookForNewerBundlesThemselves() {
        assertThat(node.toFile().setExecutable(true)).isTrue();
        var before = List.of("/opt/old/bin/ham-node", "-Dham.bundles.own=/x.jar", "-Dham.run.dir=/run/ham");
        assertThat(Distribution.of(before)).hasToString("/opt/old");
        assertThat(Distribution.at(folder).command(before)).containsExactly(node.toString(), "-Dham.run.dir=/run/ham");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThatThrownBy(() -> Distribution.at(folder))
                .isInstanceOf(HamException.class)
                .hasMessage("no distribution of HAM in " + folder + ": " + node + " is not executable");
        assertThat(node.toFile().setExecutable(true)).isTrue();
        Files.delete(folder.resolve("bundles"));
        assertThatThrownBy(() -> Distribution.at(folder)).hasMessageContaining("it has no folder bundles");
        Files.delete(node);
        assertThatThrownBy(() -> Distribution.at(folder)).hasMessageContaining("is not there");
    }

    @Test
    void aCommandOfTheUsersOwnIsNotUnderstood() {
        assertThatThrownBy(() -> Distribution.of(List.of("java", "-jar", "felix.jar")))
                .hasMessageContaining("guardian.command: java -jar felix.jar");
        assertThatThrownBy(() -> Distribution.of(List.of())).hasMessageContaining("none");
    }
}
