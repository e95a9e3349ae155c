package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirTest {
    @TempDir
    private Path folder;

    @Test
    void othersMayPassThroughANewFolderAndLookAtNothing() throws IOException {
        RunDir.prepare(folder.resolve("a/b"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a/b"))))
                .isEqualTo("rwx--x--x");
        for (var inside : List.of("log", "journal")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("a/b").resolve(inside))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void anOpenFolderIsClosedToOthers() throws IOException {
        var open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        RunDir.prepare(open);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
                .isEqualTo("rwx--x--x");
    }

    @Test
    void aFolderThatOthersWriteToIsRefusedAndLeftAlone() throws IOException {
        var shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatIOException().isThrownBy(() -> RunDir.prepare(shared)).withMessageContaining("others may write");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)))
                .isEqualTo("rwxrwxrwx");
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThatIOException()
                .isThrownBy(() -> RunDir.prepare(file))
                .withMessageContaining(file.toString())
                .withMessageContaining("no folder");
    }

    @Test
    void aPlaceWhereNothingCanBeMadeIsRefusedWithAdvice() {
        // Nobody, not even root, can make a folder there.
        assertThatIOException()
                .isThrownBy(() -> RunDir.prepare(Path.of("/proc/ham")))
                .withMessageContaining("/proc/ham")
                .withMessageContaining("HAM_RUN_DIR");
    }

    @Test
    void theGuardianIsNamedAndForgotten() throws IOException {
        var dir = RunDir.prepare(folder.resolve("run"));
        assertThat(dir.namedGuardian()).isZero();
        dir.nameGuardian(4711);
        assertThat(dir.namedGuardian()).isEqualTo(4711);
        dir.forgetGuardian();
        dir.forgetGuardian();
        assertThat(dir.namedGuardian()).isZero();
    }
}
