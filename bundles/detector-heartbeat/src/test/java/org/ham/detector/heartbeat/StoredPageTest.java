package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.ham.api.HeartbeatPage;
import org.ham.api.ProcessId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that a program beats into, against one as it was stored. {@code docs/upgrade.md}, section Two versions at once. */
class StoredPageTest {
    private static final ProcessId PROCESS = new ProcessId(4711, 99, 1, "boot");
    private static final Path STORED = Path.of("src/test/resources/stored/heartbeat-1");

    private static final String MEANING = """
            A program beats into the page that it was given for as long as it lives, with the library that it was built with, whichever \
            version HAM is of by then. After a change of these bytes the beats of all that run are not seen any more, and they would be \
            taken for hung in the middle of 'ham upgrade'. Where it cannot be helped: give the new page another version, go on reading and \
            making those of version 1, say so in docs/upgrade.md, leave the stored file as it is and store another beside it.\
            """;

    @TempDir
    private Path runDir;

    private PageFolder folder() {
        return new PageFolder(runDir.resolve("beats"), runDir.resolve("proc"), _ -> true);
    }

    private static long own() throws IOException {
        return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    }

    @Test
    void aStoredPageIsReadAndGoneOnWith() throws IOException {
        var folder = folder();
        var file = runDir.resolve("beats/4711-99");
        Files.copy(STORED, file);
        assertThat(folder.make("web", PROCESS, own())).as(MEANING).isEqualTo(file);
        try (var slots = folder.open(PROCESS)) {
            assertThat(slots).as(MEANING).isNotNull();
            var seen = Objects.requireNonNull(slots);
            assertThat(seen.used()).as(MEANING).isEqualTo(3);
            assertThat(seen.beat(0)).as(MEANING).isEqualTo(1000);
            assertThat(seen.beat(1)).as(MEANING).isEqualTo(2000);
            assertThat(seen.taken(1)).as(MEANING).isTrue();
            assertThat(seen.beat(2)).as(MEANING).isEqualTo(3000);
            assertThat(seen.taken(2)).as(MEANING).isFalse();
            // The first that is free, as the library of a later version sees it.
            HeartbeatPage.open(file).register();
            assertThat(seen.taken(2)).as(MEANING).isTrue();
        }
    }

    @Test
    void thisVersionWritesItByteForByte() throws IOException {
        var file = folder().make("web", PROCESS, own());
        var page = HeartbeatPage.open(file);
        page.beat();
        page.register();
        page.register().close();
        var written = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        // When they beat is all that differs.
        for (var slot = 0; slot < 3; slot++) {
            var at = 64 * (slot + 1);
            assertThat(written.getLong(at)).as(MEANING).isNotZero();
            written.putLong(at, 1000L * (slot + 1));
        }
        assertThat(written.array()).as(MEANING).isEqualTo(Files.readAllBytes(STORED));
    }
}
