package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeatPageTest {
    private static final Beat NONE = new Beat(0, 0, 0, 0, false);
    private static final Beat SOME = new Beat(4711, 3, 99, 42, true);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("beat.page");
    }

    @Test
    void aNewPageIsEmptyAndOnlyForItsOwner() throws IOException {
        var page = BeatPage.open(file);
        assertThat(page.read(Line.HAM)).isEqualTo(NONE);
        assertThat(page.read(Line.GUARDIAN)).isEqualTo(NONE);
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
        assertThat(folder.toFile().list()).containsExactly("beat.page");
    }

    @Test
    void whatOneWritesTheOtherReads() throws IOException {
        var mine = BeatPage.open(file);
        var theirs = BeatPage.open(file);
        mine.write(Line.HAM, SOME);
        assertThat(theirs.read(Line.HAM)).isEqualTo(SOME);
        assertThat(theirs.read(Line.GUARDIAN)).isEqualTo(NONE);
    }

    @Test
    void aClearedLineHasNoOwner() throws IOException {
        var page = BeatPage.open(file);
        page.write(Line.GUARDIAN, SOME);
        page.write(Line.HAM, SOME);
        page.clear(Line.GUARDIAN);
        assertThat(page.read(Line.GUARDIAN)).isEqualTo(NONE);
        assertThat(page.read(Line.HAM)).isEqualTo(SOME);
    }

    @Test
    void aPageOfAnotherKindIsReplaced() throws IOException {
        Files.write(file, new byte[4096]);
        BeatPage.open(file).write(Line.HAM, SOME);
        assertThat(BeatPage.open(file).read(Line.HAM)).isEqualTo(SOME);
    }

    @Test
    void aTornPageIsReplaced() throws IOException {
        Files.write(file, new byte[100]);
        assertThat(BeatPage.open(file).read(Line.HAM)).isEqualTo(NONE);
    }
}
