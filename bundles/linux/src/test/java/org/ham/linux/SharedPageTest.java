package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedPageTest {
    private static final int SIZE = 4096;
    private static final long NOBODY = 65534;

    @TempDir
    private Path folder;

    @Test
    void whatOneWritesTheOtherReads() throws IOException {
        Path file = folder.resolve("page");
        try (SharedPage mine = SharedPage.create(file, SIZE, fresh -> fresh.setOpaque(0, 42));
                SharedPage theirs = SharedPage.open(file, SIZE)) {
            assertThat(theirs.getOpaque(0)).isEqualTo(42);
            mine.setRelease(8, -7);
            assertThat(theirs.getAcquire(8)).isEqualTo(-7);
            assertThat(theirs.tryRead(8)).hasValue(-7);
            long[] both = new long[2];
            assertThat(theirs.tryRead(0, both)).isTrue();
            assertThat(both).containsExactly(42, -7);
            assertThat(theirs.tryWrite(16, Long.MIN_VALUE)).isTrue();
            assertThat(mine.getAcquire(16)).isEqualTo(Long.MIN_VALUE);
            assertThat(mine.compareAndSet(16, 0, 1)).isFalse();
            assertThat(mine.compareAndSet(16, Long.MIN_VALUE, 1)).isTrue();
            assertThat(theirs.getOpaque(16)).isEqualTo(1);
            assertThat(theirs.getOpaque(SIZE - 8)).isZero();
            assertThat(mine.size()).isEqualTo(SIZE);
            assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
        }
        assertThat(folder.toFile().list()).containsExactly("page");
    }

    @Test
    void aPageCanBelongToAnother() throws IOException {
        Path file = folder.resolve("page");
        if (Users.effective() != 0) {
            assertThatExceptionOfType(LinuxException.class)
                    .isThrownBy(() -> SharedPage.create(file, SIZE, NOBODY, NOBODY, fresh -> {}))
                    .withMessageStartingWith("cannot give");
            assertThat(folder).isEmptyDirectory();
            return;
        }
        SharedPage.create(file, SIZE, NOBODY, NOBODY, fresh -> {}).close();
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo((int) NOBODY);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo((int) NOBODY);
    }

    @Test
    void aPageThatIsCutShortByAnotherIsNoticedInsteadOfFaulting() throws IOException {
        Path file = folder.resolve("page");
        try (SharedPage page = SharedPage.create(file, SIZE, fresh -> fresh.setOpaque(0, 42));
                RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
            assertThat(page.tryRead(0)).hasValue(42);
            other.setLength(0);
            assertThat(page.tryRead(0)).isEmpty();
            assertThat(page.tryRead(0, new long[3])).isFalse();
            assertThat(page.tryWrite(0, 1)).isFalse();
            other.setLength(SIZE);
            assertThat(page.tryRead(0)).isEqualTo(OptionalLong.of(0));
        }
    }

    @Test
    void whatIsNoPageIsRefused() throws IOException {
        refused(folder.resolve("none"), "ENOENT");
        refused(Files.write(folder.resolve("short"), new byte[SIZE - 1]), "EINVAL");
    }

    @Test
    void aPageIsNotUsedAfterItsEnd() {
        SharedPage page = SharedPage.inMemory(SIZE);
        page.setOpaque(0, 1);
        page.close();
        page.close();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> page.getOpaque(0));
    }

    @Test
    void aPageThatCannotBeFilledLeavesNothingBehind() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> SharedPage.create(folder.resolve("page"), SIZE, fresh -> {
                    throw new IllegalStateException("on purpose");
                }));
        assertThat(folder).isEmptyDirectory();
    }

    private static void refused(Path file, String errno) {
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> SharedPage.open(file, SIZE))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(errno));
    }
}
