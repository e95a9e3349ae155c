package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.ham.recovery.RecoveryException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cover of files: a channel that is closed under it stands for a server that is gone. */
class RecoveringFileChannelTest {
    @TempDir
    private Path folder;

    private interface Opening {
        FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException;
    }

    private static final List<Opening> PLAIN_AND_COVER = List.of(
            (path, options) -> FileChannel.open(path, options),
            (path, options) -> RecoveringFileChannel.open(path, options, Recovery.reopening()));

    private static void lose(RecoveringFileChannel cover) throws IOException {
        cover.connection().resource().close();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }

    private static String read(FileChannel channel, int most) throws IOException {
        var bytes = ByteBuffer.allocate(most);
        channel.read(bytes);
        return US_ASCII.decode(bytes.flip()).toString();
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    @Test
    @SuppressWarnings("try") // closes a channel on purpose
    void behavesAsWhatItCoversWhileNothingFails() throws IOException {
        for (var opening : PLAIN_AND_COVER) {
            var path = file("0123456789");
            try (var channel = opening.open(path, Set.of(READ, WRITE))) {
                assertThat(read(channel, 4)).isEqualTo("0123");
                assertThat(channel.position()).isEqualTo(4);
                var parts = new ByteBuffer[] {ByteBuffer.allocate(2), ByteBuffer.allocate(9)};
                assertThat(channel.read(parts)).isEqualTo(6);
                assertThat(channel.read(parts[1])).isEqualTo(-1);
                assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
                assertThat(channel.position(8).write(new ByteBuffer[] {ascii("AB"), ascii("C")}))
                        .isEqualTo(3);
                assertThat(channel.position()).isEqualTo(11);
                assertThat(channel.write(ascii("x"), 1)).isEqualTo(1);
                assertThat(channel.size()).isEqualTo(11);
                assertThat(channel.truncate(9).position()).isEqualTo(9);
                assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
                channel.force(true);
                var out = new ByteArrayOutputStream();
                assertThat(channel.transferTo(1, 99, Channels.newChannel(out))).isEqualTo(8);
                assertThat(out).hasToString("x234567A");
                var in = new ByteArrayInputStream("abc".getBytes(US_ASCII));
                assertThat(channel.transferFrom(Channels.newChannel(in), 9, 2)).isEqualTo(2);
                assertThat(channel.map(MapMode.READ_ONLY, 9, 1).get(0)).isEqualTo((byte) 'a');
                try (var arena = Arena.ofConfined()) {
                    assertThat(channel.map(MapMode.READ_ONLY, 10, 1, arena).get(ValueLayout.JAVA_BYTE, 0))
                            .isEqualTo((byte) 'b');
                }
                try (var lock = channel.lock()) {
                    assertThat(lock.isValid()).isTrue();
                }
                try (var lock = channel.tryLock(0, 1, false)) {
                    assertThat(lock).isNotNull();
                }
                channel.close();
                assertThat(channel.isOpen()).isFalse();
                assertThatThrownBy(() -> read(channel, 1)).isExactlyInstanceOf(ClosedChannelException.class);
                assertThatThrownBy(channel::position).isExactlyInstanceOf(ClosedChannelException.class);
                assertThatThrownBy(() -> channel.position(1)).isExactlyInstanceOf(ClosedChannelException.class);
            }
            assertThat(path).hasContent("0x234567Aab");
        }
    }

    @Test
    void appendsAsWhatItCovers() throws IOException {
        for (var opening : PLAIN_AND_COVER) {
            var path = file("ab");
            try (var channel = opening.open(path, Set.of(APPEND))) {
                assertThat(channel.position()).isEqualTo(2);
                assertThat(channel.write(ascii("cd"))).isEqualTo(2);
                assertThat(channel.position()).isEqualTo(4);
            }
            assertThat(path).hasContent("abcd");
        }
    }

    @Test
    void refusesToOpenAsWhatItCovers() throws IOException {
        var there = file("");
        for (var opening : PLAIN_AND_COVER) {
            assertThatThrownBy(() -> opening.open(folder.resolve("none"), Set.of(READ)))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> opening.open(there, Set.of(WRITE, CREATE_NEW)))
                    .isInstanceOf(FileAlreadyExistsException.class);
        }
    }

    @Test
    void readsAndWritesGoOnWhereTheyWere() throws IOException {
        var path = folder.resolve("new");
        try (var cover = RecoveringFileChannel.open(
                path, Set.of(READ, WRITE, CREATE_NEW, TRUNCATE_EXISTING), Recovery.reopening())) {
            cover.write(ascii("0123"));
            lose(cover);
            cover.write(ascii("4567"));
            lose(cover);
            assertThat(cover.size()).isEqualTo(8);
            cover.position(2);
            lose(cover);
            assertThat(read(cover, 3)).isEqualTo("234");
            lose(cover);
            assertThat(read(cover, 9)).isEqualTo("567");
            lose(cover);
            assertThat(cover.truncate(1).position()).isEqualTo(1);
            assertThat(cover.connection().counters()).isEqualTo(new Counters(0, 5, 5));
        }
        assertThat(path).hasContent("0");
    }

    /** The original's example: the plain channel, and a recovery function that seeks. */
    @Test
    void aRecoveryFunctionSeeksToTheSavedOffset() throws IOException {
        var path = file("0123456789");
        var saved = new AtomicReference<>(0L);
        var target = Target.of("file", () -> FileChannel.open(path, READ), Losses.ofFiles());
        try (var connection = Connection.open(target, (c, _) -> {
            c.reopen();
            c.resource().position(saved.get());
        })) {
            var all = new StringBuilder();
            while (all.length() < 10) {
                all.append(connection.<String>call(channel -> read(channel, 3)));
                saved.set(connection.call(FileChannel::position));
                connection.resource().close();
            }
            assertThat(all).hasToString("0123456789");
        }
    }

    @Test
    void anAppendThatMayHaveHappenedIsNotRepeated() throws IOException {
        var path = file("ab");
        try (var cover = RecoveringFileChannel.open(path, Set.of(APPEND), Recovery.reopening())) {
            lose(cover);
            assertThatThrownBy(() -> cover.write(ascii("cd"))).satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(cover.write(ascii("ef"))).isEqualTo(2);
        }
        assertThat(path).hasContent("abef");
    }

    @Test
    void forceDoesNotVouchForWhatWasWrittenBeforeARecovery() throws IOException {
        try (var cover = RecoveringFileChannel.create(folder.resolve("new"), Recovery.reopening())) {
            cover.write(ascii("a"));
            lose(cover);
            cover.write(ascii("b"));
            assertThatThrownBy(() -> cover.force(true)).satisfies(e -> is(e, Code.NOT_REPEATED));
            cover.write(ascii("ab"), 0);
            cover.force(true);
            lose(cover);
            assertThatThrownBy(() -> cover.force(true)).satisfies(e -> is(e, Code.NOT_REPEATED));
            cover.force(true);
        }
    }

    /** What another thread opens again in the middle of a write or a truncation: those were done before. */
    @Test
    void forceDoesNotVouchForWhatARecoveryOvertook() throws IOException {
        try (var cover = RecoveringFileChannel.create(folder.resolve("new"), Recovery.reopening())) {
            List<Change> changes = List.of(() -> cover.write(ascii("a")), () -> cover.truncate(0));
            for (var change : changes) {
                var path = folder.resolve("new");
                cover.connection().reopen(() -> new Overtaken(FileChannel.open(path, WRITE), cover.connection()));
                change.make();
                assertThatThrownBy(() -> cover.force(true)).satisfies(e -> is(e, Code.NOT_REPEATED));
                cover.force(true);
            }
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    @Test
    void aForceThatFailsLeavesAllToTheNextOne() throws IOException {
        try (var cover = RecoveringFileChannel.create(folder.resolve("new"), Recovery.reopening())) {
            var path = folder.resolve("new");
            cover.connection().reopen(() -> new Overtaken(FileChannel.open(path, WRITE), cover.connection()) {
                @Override
                void changed() {}

                @Override
                public void force(boolean metaData) throws IOException {
                    cover.write(ascii("meanwhile"), 0);
                    throw new IOException("no space left");
                }
            });
            assertThatThrownBy(() -> cover.force(true)).hasMessage("no space left");
            cover.connection().reopen();
            assertThatThrownBy(() -> cover.force(true)).satisfies(e -> is(e, Code.NOT_REPEATED));
        }
    }

    @Test
    void aLockIsLostWithWhatItWasTakenOn() throws IOException {
        var locked = new AtomicReference<Object>();
        try (var cover = RecoveringFileChannel.open(file("a"), Set.of(READ, WRITE), (c, _) -> {
            c.reopen();
            locked.set(c.resource().lock());
        })) {
            var lock = cover.lock();
            lose(cover);
            assertThat(lock.isValid()).isFalse();
            assertThat(cover.size()).isEqualTo(1);
            assertThat(locked.get()).isNotNull();
        }
    }

    @Test
    void whatNeverComesBackTheSameIsRefused() {
        assertThatThrownBy(() -> RecoveringFileChannel.open(
                        folder.resolve("f"), Set.of(WRITE, CREATE, DELETE_ON_CLOSE), Recovery.reopening()))
                .satisfies(e -> is(e, Code.INVALID));
    }

    @Test
    void anErrorOfTheCallerIsNoLoss() throws IOException {
        try (var cover = RecoveringFileChannel.open(file("a"), Set.of(READ), Recovery.reopening())) {
            assertThatThrownBy(() -> cover.write(ascii("a")))
                    .isInstanceOf(java.nio.channels.NonWritableChannelException.class);
            assertThat(cover.connection().counters().recoveries()).isZero();
        }
    }

    @Test
    void streamsGoOnWhereTheyWere() throws IOException {
        var path = file("");
        try (var out = RecoveringStreams.write(path, Recovery.reopening())) {
            out.write("abc".getBytes(US_ASCII));
        }
        try (var out = RecoveringStreams.append(path, Recovery.reopening())) {
            out.write("def".getBytes(US_ASCII));
        }
        var opened = new AtomicReference<Connection<FileChannel>>();
        Recovery<FileChannel> recovery = (c, _) -> {
            opened.set(c);
            c.reopen();
        };
        try (var in = RecoveringStreams.read(path, recovery)) {
            assertThat(in.readNBytes(2)).asString(US_ASCII).isEqualTo("ab");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> in.read()).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
            // The interruption has closed the channel under it.
            assertThat(in.readAllBytes()).asString(US_ASCII).isEqualTo("cdef");
            assertThat(opened.get().resource().isOpen()).isTrue();
        }
        assertThat(opened.get().resource().isOpen()).isFalse();
    }

    private static void is(Throwable failure, Code code) {
        assertThat(failure).isInstanceOf(RecoveryException.class);
        assertThat(((RecoveryException) failure).code()).isEqualTo(code);
    }
}
