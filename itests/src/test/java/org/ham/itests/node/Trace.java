package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionType;

/** What an action of each type leaves behind in the world. */
final class Trace {
    /** What a shell makes of a process that this signal ended. */
    private static final int ENDED_BY_SIGUSR1 = 128 + 10;

    private final Stage stage;
    private final String entity;
    private final String type;
    private final int number;
    private final Optional<Process> receiver;

    /** @param number tells it from all others */
    Trace(Stage stage, String entity, String type, int number) {
        this.stage = stage;
        this.entity = entity;
        this.type = type;
        this.number = number;
        this.receiver = type.equals("notify-signal") ? Optional.of(stage.sleeper()) : Optional.empty();
    }

    /** The action, as {@code it}. */
    ActionSpec action() {
        return ActionSpec.of("it", type, parameters());
    }

    private Map<String, Object> parameters() {
        return switch (type) {
            case "execute" ->
                Map.of(
                        "command",
                        List.of(
                                "sh",
                                "-c",
                                "echo $HAM_ENTITY $HAM_CONDITION $HAM_ACTION $HAM_EVENT >$0.new && mv $0.new $0",
                                file().toString()));
            case "waitfor" -> Map.of("path", file().toString(), "delay", "25m");
            case "notify-pulse" ->
                Map.of(
                        "pid",
                        ProcessHandle.current().pid(),
                        "channel",
                        stage.channel.number(),
                        "code",
                        number,
                        "value",
                        -number);
            case "notify-signal" ->
                Map.of("signal", "SIGUSR1", "pid", receiver.orElseThrow().pid());
            case "log" -> Map.of("message", "this is " + number, "attach-prefix", true);
            default -> Map.of();
        };
    }

    private Path file() {
        return stage.file(entity);
    }

    /** What is to be seen, and to be done, between the action's start and its end. */
    void between() {
        if (type.equals("waitfor")) {
            assertThat(stage.heard.of(entity, "action-done")).doesNotContain("cell/it");
            try {
                Files.createFile(file());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What is to be seen when it has ended. */
    void check(ConditionType condition) {
        switch (type) {
            case "execute" ->
                assertThat(Stage.awaitText(file()))
                        .isEqualTo(entity + " cell it "
                                + (condition == ConditionType.ANY ? ConditionType.STATE : condition).word());
            case "notify-pulse" -> {
                var pulse = stage.awaitPulse(number);
                assertThat(pulse.value()).isEqualTo(-number);
                assertThat(pulse.event().entity()).hasValue(entity);
                assertThat(pulse.action()).hasToString(entity + "/cell/it");
            }
            case "notify-signal" -> assertThat(exit()).isEqualTo(ENDED_BY_SIGUSR1);
            case "log" ->
                Awaitility.await("what " + entity + " logs")
                        .atMost(HamInstance.PATIENCE)
                        .until(() -> logged(entity + "/cell/it: this is " + number));
            default -> {} // restart, waitfor, heartbeat-healthy: the journal and the tree tell
        }
    }

    private int exit() {
        try {
            var process = receiver.orElseThrow();
            assertThat(process.waitFor(HamInstance.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the receiver has ended")
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private boolean logged(String text) throws IOException {
        try (var logs = Files.newDirectoryStream(stage.instance.runDir.resolve("log"), "ham-*.log")) {
            for (var log : logs) {
                if (Files.readAllLines(log).stream().anyMatch(line -> line.endsWith(": " + text))) {
                    return true;
                }
            }
        }
        return false;
    }
}
