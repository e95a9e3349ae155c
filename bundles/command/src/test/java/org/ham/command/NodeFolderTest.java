package org.ham.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFolderTest {
    /** Above the largest pid there can be. */
    private static final String NOBODY = "node-4194305";

    @TempDir
    private Path folder;

    @Test
    void theStorageIsThereWhileItIsOpenAndOnlyForItsOwner() throws IOException {
        var runDir = folder.resolve("run");
        Path storage;
        try (var node = NodeFolder.make(runDir)) {
            storage = node.storage();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(storage)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runDir)))
                    .isEqualTo("rwx------");
            assertThat(node.log()).isDirectory();
            Files.createDirectories(storage.resolve("bundle1/data"));
            Files.createFile(storage.resolve("bundle1/data/file"));
        }
        assertThat(storage).doesNotExist();
    }

    @Test
    void whatDeadNodesLeftIsRemovedAndWhatLivingOnesUseIsNot() throws IOException {
        var dead = Files.createDirectories(folder.resolve(NOBODY + "/bundle1"));
        var alive = Files.createDirectories(folder.resolve("node-1"));
        NodeFolder.make(folder).close();
        assertThat(dead.getParent()).doesNotExist();
        assertThat(alive).exists();
    }

    @Test
    void aPlaceThatCannotBeUsedIsRefusedWithAdvice() {
        assertThatIOException()
                .isThrownBy(() -> NodeFolder.make(Path.of("/proc/ham")))
                .withMessageContaining("/proc/ham")
                .withMessageContaining("--run-dir");
    }
}
