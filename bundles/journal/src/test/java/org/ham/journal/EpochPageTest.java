package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that says who may write, against one as it was stored. {@code docs/upgrade.md}, section Two versions at once. */
class EpochPageTest {
    private static final String BOOT = "stored";
    private static final Path STORED = Path.of("src/test/resources/stored/epoch-1");

    private static final String MEANING = """
            While one HAM hands over to another, both versions have this page mapped at once: by it the new one shuts the old one out, and \
            the Guardian of the old one learns that there is something to read. A version that does it otherwise makes a page of its own \
            in its place, and neither holds any more: 'ham upgrade' from and to every version before ends here. Where it cannot be helped: \
            see to it that such an upgrade is refused, as BeatPage does it; say so in docs/upgrade.md; leave the stored file as it is and \
            store another beside it.\
            """;

    @TempDir
    private Path folder;

    @Test
    void aStoredPageIsRead() throws IOException {
        Files.copy(STORED, folder.resolve("epoch"));
        var page = EpochPage.open(new LocalDisk(), folder, false);
        assertThat(page).as(MEANING).isPresent();
        assertThat(page.orElseThrow().epoch(BOOT)).as(MEANING).isEqualTo(7);
        assertThat(page.orElseThrow().epoch("another boot")).as(MEANING).isZero();
        assertThat(page.orElseThrow().owner()).as(MEANING).isEqualTo(2);
        assertThat(page.orElseThrow().generation()).as(MEANING).isEqualTo(3);
    }

    @Test
    void thisVersionWritesItByteForByte() throws IOException {
        var page = EpochPage.openOrCreate(new LocalDisk(), folder, BOOT);
        page.claim(BOOT, 6);
        assertThat(page.claim(BOOT, 7)).as(MEANING).isEqualTo(2);
        page.changed();
        assertThat(Files.readAllBytes(folder.resolve("epoch"))).as(MEANING).isEqualTo(Files.readAllBytes(STORED));
    }
}
