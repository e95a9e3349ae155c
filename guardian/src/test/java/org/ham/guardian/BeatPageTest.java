package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.ham.linux.SharedPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeatPageTest {
    private static final Beat NONE = new Beat(0, 0, 0, 0, false);
    private static final Beat SOME = new Beat(4711, 3, 99, 42, true);

    @TempDir
    private Path folder;

    private Path file;
    private RoleLock lock;

    @BeforeEach
    void name() throws IOException {
        file = folder.resolve("beat.page");
        lock = RoleLock.open(folder.resolve("ham.lock"));
    }

    @AfterEach
    void close() throws IOException {
        lock.close();
    }

    private BeatPage open() throws IOException {
        return BeatPage.open(file, lock, 100);
    }

    @Test
    void aNewPageIsEmptyAndOnlyForItsOwner() throws IOException {
        var page = open();
        assertThat(page.read(Line.HAM)).isEqualTo(NONE);
        assertThat(page.read(Line.GUARDIAN)).isEqualTo(NONE);
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("beat.page", "ham.lock");
        assertThat(lock.held()).isFalse();
    }

    @Test
    void whatOneWritesTheOtherReads() throws IOException {
        var mine = open();
        var theirs = open();
        mine.write(Line.HAM, SOME);
        assertThat(theirs.read(Line.HAM)).isEqualTo(SOME);
        assertThat(theirs.read(Line.GUARDIAN)).isEqualTo(NONE);
    }

    @Test
    void aClearedLineHasNoOwner() throws IOException {
        var page = open();
        page.write(Line.GUARDIAN, SOME);
        page.write(Line.HAM, SOME);
        page.clear(Line.GUARDIAN);
        assertThat(page.read(Line.GUARDIAN)).isEqualTo(NONE);
        assertThat(page.read(Line.HAM)).isEqualTo(SOME);
    }

    @Test
    void aStoredPageIsReadAndWrittenByteForByte() throws IOException {
        var stored = Stored.copy("beat-1", file);
        var page = open();
        assertThat(lock.held()).as(Stored.MEANING).isFalse();
        assertThat(page.read(Line.HAM)).as(Stored.MEANING).isEqualTo(new Beat(4711, 3, 99, 42, true));
        assertThat(page.read(Line.GUARDIAN)).as(Stored.MEANING).isEqualTo(new Beat(4712, 5, 101, 41, true, true));
        assertThat(page.read(Line.OTHER_GUARDIAN)).as(Stored.MEANING).isEqualTo(new Beat(4713, 7, 103, 40, false));
        var word = page.memory().getOpaque(BeatPage.WORD);
        assertThat(word).as(Stored.MEANING).isEqualTo(0x8000_0000L | 4720);

        Files.delete(file);
        var mine = open();
        for (var line : Line.values()) {
            mine.write(line, page.read(line));
        }
        mine.memory().setOpaque(BeatPage.WORD, word);
        assertThat(Files.readAllBytes(file)).as(Stored.MEANING).isEqualTo(stored);
    }

    @Test
    void aPageThatIsNoneIsReplacedWhereNobodyUsesIt() throws IOException {
        Files.write(file, new byte[4096]);
        open().write(Line.HAM, SOME);
        assertThat(open().read(Line.HAM)).isEqualTo(SOME);
    }

    @Test
    void aTornPageIsReplacedWhereNobodyUsesIt() throws IOException {
        Files.write(file, new byte[100]);
        assertThat(open().read(Line.HAM)).isEqualTo(NONE);
    }

    /** As a later version may leave it behind. */
    private byte[] pageOfVersionTwo() throws IOException {
        Stored.copy("beat-1", file);
        try (var page = SharedPage.open(file, 4096)) {
            page.setOpaque(8, 2);
        }
        return Files.readAllBytes(file);
    }

    @Test
    void aPageOfAnotherVersionIsReplacedWhereNobodyUsesItUnderTheLock() throws IOException {
        pageOfVersionTwo();
        assertThat(open().read(Line.HAM)).isEqualTo(NONE);
        assertThat(lock.held()).isTrue();
        assertThat(lock.holder()).hasValue(100);
    }

    @Test
    void aPageOfAnotherVersionIsLeftToTheHamThatLives() throws IOException {
        var before = pageOfVersionTwo();
        try (var other = RoleLock.open(folder.resolve("ham.lock"))) {
            assertThat(other.take(50)).isTrue();
            assertThatIOException()
                    .isThrownBy(this::open)
                    .withMessageStartingWith(file + " is of a HAM that shares version 2")
                    .withMessageContaining("only version 1")
                    .withMessageContaining("process 50 uses it")
                    .withMessageContaining("'ham stop'");
            assertThat(other.holder()).hasValue(50);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    /** The HAM is dead, its lock free, and the Guardian is just about to take over. */
    @Test
    void aPageOfAnotherVersionIsLeftToWhomeverHasItMapped() throws IOException {
        var before = pageOfVersionTwo();
        try (var guardians = SharedPage.open(file, 4096)) {
            assertThat(guardians.getOpaque(8)).isEqualTo(2);
            assertThatIOException()
                    .isThrownBy(this::open)
                    .withMessageContaining("process " + ProcessHandle.current().pid() + " uses it");
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(open().read(Line.HAM)).isEqualTo(NONE);
    }
}
