package org.ham.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StarterTest {
    private final ArrayList<String> said = new ArrayList<>();
    private Path runDir = Path.of("");

    @BeforeEach
    void folder() throws IOException {
        runDir = Files.createTempDirectory(Path.of("/tmp"), "ham");
        Files.createDirectory(runDir.resolve("log"));
    }

    @AfterEach
    void remove() throws IOException {
        try (var files = Files.walk(runDir)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String status(String guardian, String alarm) {
        var status = "{\\\"ham\\\":{\\\"pid\\\":1},\\\"guardian\\\":" + guardian.replace("\"", "\\\"")
                + ",\\\"alarm\\\":\\\"" + alarm + "\\\"}";
        return "{\"out\":\"" + status + "\"}\n{\"exit\":0}";
    }

    private Starter starter() {
        return new Starter(Instance.at(runDir), (_, _) -> ProcFiles.ownPid(), said::add);
    }

    @Test
    void aStartIsOverWhenTheGuardianIsReady() throws IOException {
        var asked = new AtomicInteger();
        try (var _ = new FakeServer(
                runDir, _ -> status("{\"pid\":2,\"ready\":" + (asked.incrementAndGet() > 2) + "}", ""))) {
            assertThat(starter()
                            .start(Optional.empty())
                            .getAsJsonObject("ham")
                            .get("pid")
                            .getAsLong())
                    .isEqualTo(1);
        }
        assertThat(said).hasSize(2).last().asString().contains("waiting for its Guardian");
    }

    @Test
    void aStartIsOverWhenTheHamSaysThatItHasNoGuardian() throws IOException {
        var asked = new AtomicInteger();
        try (var _ = new FakeServer(runDir, _ -> status("null", asked.incrementAndGet() > 2 ? "no Guardian" : ""))) {
            assertThat(starter().start(Optional.empty()).get("alarm").getAsString())
                    .isEqualTo("no Guardian");
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void aNodeThatDiesIsToldWithTheEndOfItsLog() throws IOException {
        var log = Files.writeString(runDir.resolve("log/ham-start.log"), "of an earlier start\n");
        var starter = new Starter(
                Instance.at(runDir),
                (_, _) -> {
                    write(log);
                    return 0;
                },
                said::add);

        assertThatThrownBy(() -> starter.start(Optional.empty()))
                .hasMessageContaining("ended while it started")
                .hasMessageEndingWith("ham: no good");
    }

    private static void write(Path log) {
        try {
            Files.writeString(log, "ham: no good\n", java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theConfigurationIsTheOneNamedOrTheOneHereOrTheDistributions() throws IOException {
        var here = Files.createDirectory(runDir.resolve("here"));
        var home = runDir.resolve("home");
        Files.createDirectories(home.resolve("conf"));
        var environment = Map.of("HAM_HOME", home.toString());

        assertThat(Starter.configuration(Optional.empty(), here, Map.of())).isEmpty();
        assertThat(Starter.configuration(Optional.empty(), here, environment)).contains(home.resolve("conf"));
        Files.createDirectory(here.resolve("conf"));
        assertThat(Starter.configuration(Optional.empty(), here, environment)).contains(here.resolve("conf"));
        assertThat(Starter.configuration(Optional.of("../home/conf"), here, environment))
                .contains(home.resolve("conf"));
    }
}
