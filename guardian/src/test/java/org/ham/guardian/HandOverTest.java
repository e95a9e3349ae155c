package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.ham.spi.HeldSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node is told by the one that starts it, which may be of another version. {@code docs/upgrade.md}, section Two versions at once. */
class HandOverTest {
    @TempDir
    private Path folder;

    private final FakeFramework framework = new FakeFramework();
    private final FakeMachine machine = new FakeMachine();
    private FakeRole role;
    private Map<String, String> stored;

    private record Socket(String name, Path path, int descriptor) implements HeldSocket {}

    @BeforeEach
    void create() throws IOException {
        role = new FakeRole(folder);
        stored = Stored.text("environment-1")
                .lines()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
    }

    /** Nothing is there, which has the inode 0. */
    private Path none(String name) {
        return folder.resolve(name);
    }

    @Test
    void aNodeIsToldInTheVariablesThatOtherVersionsRead() {
        framework.held.add(new Socket("control", none("control.sock"), 17));
        framework.held.add(new Socket("notify", none("notify.sock"), 18));
        machine.add(90);
        role.page().write(Line.GUARDIAN, new Beat(90, 1, 1, 1, true));
        new NodeStarter(role, machine, framework.context())
                .start(
                        List.of("ham-node"),
                        Map.of(Settings.STANDS_BY, Settings.CANDIDATE),
                        folder.resolve("upgrade.log"),
                        0);
        var spawn = machine.spawned.getFirst();
        var told = spawn.environment().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(System.getenv(entry.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(told).as(Stored.MEANING).isEqualTo(stored);
        assertThat(spawn.descriptors()).as(Stored.MEANING).isEqualTo(Map.of(3, 17, 4, 18));
    }

    @Test
    void whatOtherVersionsTellItIsUnderstood() {
        var settings = Settings.read(Map.of("ham.run.dir", folder.toString())::get, stored);
        assertThat(settings.guardianOf()).as(Stored.MEANING).hasValue(100);
        assertThat(settings.candidate()).as(Stored.MEANING).isTrue();
        assertThat(settings.line()).as(Stored.MEANING).isEqualTo(Line.OTHER_GUARDIAN);
        assertThat(HeldSocket.inherited("control", none("control.sock"), stored))
                .as(Stored.MEANING)
                .hasValue(3);
        assertThat(HeldSocket.inherited("notify", none("notify.sock"), stored))
                .as(Stored.MEANING)
                .hasValue(4);

        var guardian = Settings.read(
                Map.of("ham.run.dir", folder.toString())::get,
                Map.of("HAM_GUARDIAN_OF", "100", "HAM_STANDS_BY", "guardian"));
        assertThat(guardian.candidate()).as(Stored.MEANING).isFalse();
        assertThat(guardian.line()).as(Stored.MEANING).isEqualTo(Line.GUARDIAN);
    }

    @Test
    void theyMeetInTheSameFiles() throws IOException {
        var runDir = role.runDir();
        assertThat(List.of(runDir.lock(), runDir.page(), runDir.journal()))
                .as(Stored.MEANING)
                .containsExactly(
                        folder.resolve("run/ham.lock"), folder.resolve("run/beat.page"), folder.resolve("run/journal"));
        try (var lock = RoleLock.open(runDir.lock())) {
            assertThat(lock.take(100)).isTrue();
            assertThat(Files.readString(runDir.lock())).as(Stored.MEANING).isEqualTo("100\n");
        }
        runDir.nameGuardian(101);
        assertThat(Files.readString(folder.resolve("run/guardian.pid")))
                .as(Stored.MEANING)
                .isEqualTo("101\n");
    }
}
