package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import org.ham.recovery.RecoveryException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cover of any channel with a position: one that is closed under it stands for a server that is gone. */
class RecoveringSeekableByteChannelTest {
    @TempDir
    private Path folder;

    private RecoveringSeekableByteChannel open(Replay writes, OpenOption... options) throws IOException {
        var path = Files.writeString(folder.resolve("file"), "0123456789");
        var target =
                Target.<SeekableByteChannel>of("file", () -> Files.newByteChannel(path, options), Losses.ofFiles());
        return RecoveringSeekableByteChannel.open(target, writes, Recovery.reopening());
    }

    private static void lose(RecoveringSeekableByteChannel cover) throws IOException {
        cover.connection().resource().close();
    }

    private static String read(SeekableByteChannel channel, int most) throws IOException {
        var bytes = ByteBuffer.allocate(most);
        channel.read(bytes);
        return US_ASCII.decode(bytes.flip()).toString();
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    @Test
    void readsAndWritesGoOnWhereTheyWere() throws IOException {
        try (var cover = open(Replay.AT_LEAST_ONCE, READ, WRITE)) {
            assertThat(read(cover, 3)).isEqualTo("012");
            lose(cover);
            assertThat(cover.write(ascii("AB"))).isEqualTo(2);
            lose(cover);
            assertThat(read(cover, 2)).isEqualTo("56");
            lose(cover);
            assertThat(cover.position()).isEqualTo(7);
            lose(cover);
            assertThat(cover.position(1).size()).isEqualTo(10);
            lose(cover);
            assertThat(cover.truncate(6).size()).isEqualTo(6);
            lose(cover);
            assertThat(read(cover, 99)).isEqualTo("12AB5");
        }
    }

    /** Opened, but it does not say where it stands. */
    @Test
    void whatCannotBeUsedIsNotLeftOpen() throws IOException {
        var path = Files.writeString(folder.resolve("file"), "0123456789");
        var opened = new ArrayList<SeekableByteChannel>();
        var target = Target.<SeekableByteChannel>of(
                "file",
                () -> {
                    var channel = new Lost(Files.newByteChannel(path));
                    opened.add(channel);
                    return channel;
                },
                Losses.ofFiles());
        assertThatThrownBy(() -> RecoveringSeekableByteChannel.open(target, Replay.AT_LEAST_ONCE, Recovery.reopening()))
                .hasMessage("lost on purpose");
        assertThat(opened).hasSize(1).noneMatch(SeekableByteChannel::isOpen);
    }

    /** Does not know its position. */
    private record Lost(SeekableByteChannel below) implements SeekableByteChannel {
        @Override
        public int read(ByteBuffer to) throws IOException {
            return below.read(to);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return below.write(from);
        }

        @Override
        public long position() throws IOException {
            throw new IOException("lost on purpose");
        }

        @Override
        public SeekableByteChannel position(long to) throws IOException {
            return below.position(to);
        }

        @Override
        public long size() throws IOException {
            return below.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            return below.truncate(size);
        }

        @Override
        public boolean isOpen() {
            return below.isOpen();
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }

    @Test
    void whatAppendsIsNotRepeated() throws IOException {
        try (var cover = open(Replay.AT_MOST_ONCE, APPEND)) {
            cover.write(ascii("a"));
            lose(cover);
            assertThatThrownBy(() -> cover.write(ascii("b")))
                    .isInstanceOfSatisfying(
                            RecoveryException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_REPEATED));
            assertThat(cover.write(ascii("c"))).isEqualTo(1);
        }
        assertThat(folder.resolve("file")).hasContent("0123456789ac");
    }
}
