package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.ham.spi.HeldSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InheritanceTest {
    @TempDir
    private Path folder;

    private record Socket(String name, Path path, int descriptor) implements HeldSocket {}

    @Test
    void socketsAreNumberedAndFoundByName() throws IOException {
        var notify = Files.createFile(folder.resolve("notify.sock"));
        var control = Files.createFile(folder.resolve("control.sock"));
        var given = Inheritance.of(List.of(new Socket("notify", notify, 40), new Socket("control", control, 7)));
        var environment = Map.of(HeldSocket.VARIABLE, given.variable());

        assertThat(given.descriptors()).isEqualTo(Map.of(3, 7, 4, 40));
        assertThat(HeldSocket.inherited("control", control, environment)).hasValue(3);
        assertThat(HeldSocket.inherited("notify", notify, environment)).hasValue(4);
        assertThat(HeldSocket.inherited("ify", notify, environment)).isEmpty();
    }

    @Test
    void aSocketWhoseFileIsAnotherByNowIsNotTaken() throws IOException {
        var path = Files.createFile(folder.resolve("notify.sock"));
        var given = Inheritance.of(List.of(new Socket("notify", path, 40)));
        var other = Files.createFile(folder.resolve("other"));
        Files.move(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(HeldSocket.inherited("notify", path, Map.of(HeldSocket.VARIABLE, given.variable())))
                .isEmpty();
        assertThat(HeldSocket.inherited(
                        "notify", folder.resolve("none"), Map.of(HeldSocket.VARIABLE, given.variable())))
                .isEmpty();
    }

    @Test
    void withoutSocketsNothingIsGiven() {
        assertThat(Inheritance.of(List.of())).isEqualTo(new Inheritance(Map.of(), ""));
        assertThat(HeldSocket.inherited("notify", folder, Map.of())).isEqualTo(OptionalInt.empty());
        assertThat(HeldSocket.inherited("notify", folder, Map.of(HeldSocket.VARIABLE, "notify=x:y,notify=")))
                .isEmpty();
    }
}
