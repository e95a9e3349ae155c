package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ham.recovery.Transcript.Case;
import org.ham.recovery.Transcript.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While nothing fails, a covered file is what a file of the JDK is: whatever is done, a program sees the same. */
class FileTckTest {
    private static final List<Case<Scene<SeekableByteChannel>>> ANY = new ArrayList<>();
    private static final List<Case<Scene<FileChannel>>> FILES = new ArrayList<>();

    @TempDir
    private Path folder;

    private interface Opening<C> {
        C open(Path path, Set<? extends OpenOption> options) throws IOException;
    }

    /** A way to open, and a file of ten bytes. */
    private record Scene<C>(Opening<? extends C> opening, Path path) {
        C open(OpenOption... options) throws IOException {
            return opening.open(path, Set.of(options));
        }
    }

    private static void any(String name, Script<Scene<SeekableByteChannel>> script) {
        ANY.add(new Case<>(name, script));
    }

    private static void file(String name, Script<Scene<FileChannel>> script) {
        FILES.add(new Case<>(name, script));
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private static String read(SeekableByteChannel channel, int most) throws IOException {
        var bytes = ByteBuffer.allocate(most);
        var count = channel.read(bytes);
        return count + ":" + US_ASCII.decode(bytes.flip());
    }

    static {
        any("it is read to its end", (scene, seen) -> {
            try (var channel = scene.open(READ)) {
                seen.result("open", channel::isOpen);
                seen.result("at first", channel::position);
                for (var times = 0; times < 4; times++) {
                    seen.result("read", () -> read(channel, 4));
                    seen.result("at", channel::position);
                }
                seen.result("none at the end", () -> read(channel, 0));
                seen.result("size", channel::size);
            }
        });
        any("nothing is read", (scene, seen) -> {
            try (var channel = scene.open(READ)) {
                seen.result("none", () -> read(channel, 0));
                seen.result("null", () -> channel.read(null));
                seen.result(
                        "into what is read-only",
                        () -> channel.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
                seen.result("at", channel::position);
            }
        });
        any("it is read from beyond its end", (scene, seen) -> {
            try (var channel = scene.open(READ)) {
                seen.result("same", () -> channel.position(20) == channel);
                seen.result("at", channel::position);
                seen.result("read", () -> read(channel, 1));
                seen.result("size", channel::size);
            }
        });
        any("its position is nonsense", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                seen.effect("negative", () -> channel.position(-1));
                seen.effect("size", () -> channel.truncate(-1));
                seen.result("at", channel::position);
            }
        });
        any("it is written", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                seen.result("some", () -> channel.write(ascii("AB")));
                seen.result("none", () -> channel.write(ascii("")));
                seen.result("null", () -> channel.write(null));
                seen.result("at", channel::position);
                seen.result(
                        "part", () -> channel.write(ascii("xCDx").position(1).limit(3)));
                seen.result("size", channel::size);
            }
            seen.result("there", () -> Files.readString(scene.path()));
        });
        any("it is written beyond its end", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                channel.position(12);
                seen.result("write", () -> channel.write(ascii("z")));
                seen.result("size", channel::size);
                seen.result("at", channel::position);
            }
            seen.result("there", () -> Files.readAllBytes(scene.path()));
        });
        any("it is made shorter", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                channel.position(8);
                seen.result("longer", () -> channel.truncate(20) == channel);
                seen.result("size", channel::size);
                seen.result("at", channel::position);
                seen.effect("shorter", () -> channel.truncate(3));
                seen.result("size", channel::size);
                seen.result("at", channel::position);
                channel.position(1);
                channel.truncate(2);
                seen.result("at", channel::position);
            }
        });
        any("it is for reading alone", (scene, seen) -> {
            try (var channel = scene.open(READ)) {
                seen.result("write", () -> channel.write(ascii("a")));
                seen.effect("truncate", () -> channel.truncate(1));
            }
        });
        any("it is for writing alone", (scene, seen) -> {
            try (var channel = scene.open(WRITE)) {
                seen.result("read", () -> read(channel, 1));
                seen.result("size", channel::size);
                seen.result("at", channel::position);
            }
        });
        any("it is appended to", (scene, seen) -> {
            try (var channel = scene.open(APPEND)) {
                seen.result("at", channel::position);
                seen.result("write", () -> channel.write(ascii("ab")));
                seen.result("at", channel::position);
                seen.result("read", () -> read(channel, 1));
            }
            seen.result("there", () -> Files.readString(scene.path()));
        });
        any("it is emptied", (scene, seen) -> {
            try (var channel = scene.open(WRITE, TRUNCATE_EXISTING)) {
                seen.result("size", channel::size);
                seen.result("write", () -> channel.write(ascii("a")));
            }
            seen.result("there", () -> Files.readString(scene.path()));
        });
        any(
                "it is there and must not be",
                (scene, seen) ->
                        seen.result("open", () -> scene.opening().open(scene.path(), Set.of(WRITE, CREATE_NEW))));
        any("it is not there", (scene, seen) -> {
            var none = scene.path().resolveSibling("none");
            seen.result("open", () -> scene.opening().open(none, Set.of(READ)));
            try (var channel = scene.opening().open(none, Set.of(WRITE, CREATE))) {
                seen.result("created", channel::size);
            }
            Files.delete(none);
        });
        any(
                "it is a folder",
                (scene, seen) -> seen.result(
                        "open", () -> scene.opening().open(scene.path().resolveSibling("."), Set.of(WRITE))));
        any("it is opened with nonsense", (scene, seen) -> {
            seen.result("append and read", () -> scene.open(READ, APPEND));
            seen.result("append and empty", () -> scene.open(APPEND, TRUNCATE_EXISTING));
            try (var channel = scene.open()) {
                seen.result("nothing", () -> read(channel, 2));
            }
        });
        any("it is closed", (scene, seen) -> {
            var channel = scene.open(READ, WRITE);
            seen.effect("close", channel::close);
            seen.effect("close again", channel::close);
            seen.result("open", channel::isOpen);
            seen.result("read", () -> read(channel, 1));
            seen.result("read none", () -> read(channel, 0));
            seen.result("write", () -> channel.write(ascii("a")));
            seen.result("size", channel::size);
            seen.result("at", channel::position);
            seen.effect("move", () -> channel.position(1));
            seen.effect("truncate", () -> channel.truncate(1));
        });
        any("an interrupted thread uses it", (scene, seen) -> {
            var channel = scene.open(READ, WRITE);
            Thread.currentThread().interrupt();
            seen.result("read", () -> read(channel, 1));
            seen.result("still", Thread::interrupted);
            channel.close();
        });
        any("it is read and written in turns", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                seen.result("read", () -> read(channel, 2));
                seen.result("write", () -> channel.write(ascii("XY")));
                seen.result("read", () -> read(channel, 2));
                channel.position(0);
                seen.result("all", () -> read(channel, 99));
            }
        });
        any("two are open", (scene, seen) -> {
            try (var one = scene.open(READ, WRITE);
                    var other = scene.open(READ)) {
                one.write(ascii("ab"));
                seen.result("read", () -> read(other, 3));
                one.truncate(4);
                seen.result("rest", () -> read(other, 9));
                seen.result("end", () -> read(other, 9));
            }
        });
        any("streams lie on it", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                var in = Channels.newInputStream(channel);
                seen.result("one", in::read);
                seen.result("available", in::available);
                seen.result("skip", () -> in.skip(3));
                seen.result("skip back", () -> in.skip(-2));
                seen.result("skip beyond", () -> in.skip(99));
                seen.result("end", in::read);
                seen.result("available", in::available);
                seen.result("marks", in::markSupported);
                seen.effect("reset", in::reset);
            }
        });

        file("it is read at a position", (scene, seen) -> {
            try (var channel = scene.open(READ)) {
                seen.result("some", () -> channel.read(ByteBuffer.allocate(3), 8));
                seen.result("end", () -> channel.read(ByteBuffer.allocate(3), 10));
                seen.result("beyond", () -> channel.read(ByteBuffer.allocate(3), 11));
                seen.result("none", () -> channel.read(ByteBuffer.allocate(0), 0));
                seen.result("negative", () -> channel.read(ByteBuffer.allocate(1), -1));
                seen.result("null", () -> channel.read(null, 0));
                seen.result("at", channel::position);
            }
        });
        file("it is written at a position", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                seen.result("some", () -> channel.write(ascii("AB"), 8));
                seen.result("end", () -> channel.write(ascii("CD"), 10));
                seen.result("none", () -> channel.write(ascii(""), 20));
                seen.result("negative", () -> channel.write(ascii("a"), -1));
                seen.result("size", channel::size);
                seen.result("at", channel::position);
            }
            seen.result("there", () -> Files.readString(scene.path()));
        });
        file("positions where it may not be", (scene, seen) -> {
            try (var reads = scene.open(READ);
                    var writes = scene.open(WRITE)) {
                seen.result("write", () -> reads.write(ascii("a"), 0));
                seen.result("read", () -> writes.read(ByteBuffer.allocate(1), 0));
                seen.result("write negative", () -> reads.write(ascii("a"), -1));
                seen.result("read negative", () -> writes.read(ByteBuffer.allocate(1), -1));
            }
        });
        file("it is scattered and gathered", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                var parts = new ByteBuffer[] {ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocate(5)};
                seen.result("read", () -> channel.read(parts));
                seen.result(
                        "part",
                        () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(9)}, 1, 1));
                seen.result("end", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
                seen.result("nothing", () -> channel.read(new ByteBuffer[0]));
                seen.result("write", () -> channel.write(new ByteBuffer[] {ascii("x"), ascii(""), ascii("yz")}));
                seen.result("outside", () -> channel.write(new ByteBuffer[] {ascii("x")}, 0, 2));
                seen.result("outside", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}, 1, 1));
                seen.result("at", channel::position);
            }
        });
        file("it is transferred to another", (scene, seen) -> {
            try (var channel = scene.open(READ)) {
                var out = new ByteArrayOutputStream();
                var to = Channels.newChannel(out);
                seen.result("some", () -> channel.transferTo(2, 3, to));
                seen.result("to the end", () -> channel.transferTo(8, 99, to));
                seen.result("beyond", () -> channel.transferTo(99, 1, to));
                seen.result("none", () -> channel.transferTo(0, 0, to));
                seen.result("negative", () -> channel.transferTo(-1, 1, to));
                seen.result("negative count", () -> channel.transferTo(0, -1, to));
                to.close();
                seen.result("closed", () -> channel.transferTo(0, 1, to));
                seen.result("there", out::toString);
                seen.result("at", channel::position);
            }
        });
        file("another is transferred to it", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                var from = Channels.newChannel(new ByteArrayInputStream("abcdef".getBytes(US_ASCII)));
                seen.result("some", () -> channel.transferFrom(from, 2, 3));
                seen.result("rest", () -> channel.transferFrom(from, 10, 99));
                seen.result("end", () -> channel.transferFrom(from, 0, 1));
                seen.result("none", () -> channel.transferFrom(from, 0, 0));
                seen.result("negative", () -> channel.transferFrom(from, -1, 1));
                seen.result("negative count", () -> channel.transferFrom(from, 0, -1));
                seen.result("at", channel::position);
            }
            seen.result("there", () -> Files.readString(scene.path()));
        });
        file("it is transferred where it may not be", (scene, seen) -> {
            try (var reads = scene.open(READ);
                    var writes = scene.open(WRITE)) {
                var from = Channels.newChannel(new ByteArrayInputStream(new byte[1]));
                seen.result("from", () -> reads.transferFrom(from, 0, 1));
                seen.result("to", () -> writes.transferTo(0, 1, Channels.newChannel(new ByteArrayOutputStream())));
                seen.result("to what is for reading", () -> reads.transferTo(0, 1, reads));
                seen.result("to null", () -> reads.transferTo(0, 1, null));
                seen.result("from null", () -> writes.transferFrom(null, 0, 1));
            }
        });
        file("another is transferred from beyond its end", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE)) {
                var from = Channels.newChannel(new ByteArrayInputStream("ab".getBytes(US_ASCII)));
                seen.result("beyond", () -> channel.transferFrom(from, 12, 2));
                seen.result("size", channel::size);
            }
        });
        file("it is forced", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE);
                    var reads = scene.open(READ)) {
                channel.write(ascii("a"));
                seen.effect("all", () -> channel.force(true));
                seen.effect("data", () -> channel.force(false));
                seen.effect("nothing", () -> reads.force(true));
            }
        });
        file("it is mapped", (scene, seen) -> {
            try (var channel = scene.open(READ, WRITE);
                    var reads = scene.open(READ);
                    var arena = Arena.ofConfined()) {
                seen.result("read", () -> channel.map(MapMode.READ_ONLY, 1, 2).get(0));
                seen.result(
                        "write",
                        () -> channel.map(MapMode.READ_WRITE, 0, 1)
                                .put(0, (byte) 'm')
                                .get(0));
                seen.result(
                        "segment",
                        () -> channel.map(MapMode.READ_ONLY, 0, 1, arena).get(ValueLayout.JAVA_BYTE, 0));
                seen.result("not allowed", () -> reads.map(MapMode.READ_WRITE, 0, 1));
                seen.result("negative", () -> channel.map(MapMode.READ_ONLY, -1, 1));
                seen.result("size", () -> channel.map(MapMode.READ_ONLY, 0, -1));
                seen.result("beyond", () -> reads.map(MapMode.READ_ONLY, 0, 99));
                seen.result(
                        "longer", () -> channel.map(MapMode.READ_WRITE, 0, 12).capacity());
                seen.result("size", channel::size);
            }
        });
        file("it is locked", (scene, seen) -> {
            var channel = scene.open(READ, WRITE);
            var lock = channel.lock(2, 3, false);
            seen.result("valid", lock::isValid);
            seen.result("mine", () -> lock.acquiredBy() == channel);
            seen.result("where", () -> lock.position() + " " + lock.size() + " " + lock.isShared());
            seen.result("overlap", () -> channel.tryLock(4, 2, false));
            seen.result("overlaps", () -> lock.overlaps(4, 2));
            seen.effect("release", lock::release);
            seen.effect("release again", lock::release);
            seen.result("valid", lock::isValid);
            var shared = channel.tryLock(0, 1, true);
            seen.result("shared", shared::isShared);
            channel.close();
            seen.result("valid", shared::isValid);
            seen.effect("release", shared::release);
        });
        file("it is locked where it may not be", (scene, seen) -> {
            try (var reads = scene.open(READ);
                    var writes = scene.open(WRITE)) {
                seen.result("exclusive", () -> reads.lock(0, 1, false));
                seen.result("shared", () -> writes.lock(0, 1, true));
                seen.result("try exclusive", () -> reads.tryLock(0, 1, false));
                seen.result("negative", () -> writes.lock(-1, 1, false));
                seen.result("size", () -> writes.tryLock(0, -1, false));
            }
        });
        file("it is closed", (scene, seen) -> {
            var channel = scene.open(READ, WRITE);
            channel.close();
            seen.result("read at", () -> channel.read(ByteBuffer.allocate(1), 0));
            seen.result("write at", () -> channel.write(ascii("a"), 0));
            seen.result("scatter", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
            seen.result("gather", () -> channel.write(new ByteBuffer[] {ascii("a")}));
            seen.effect("force", () -> channel.force(true));
            seen.result("map", () -> channel.map(MapMode.READ_ONLY, 0, 1));
            seen.result("lock", channel::lock);
            seen.result("try", channel::tryLock);
            seen.result("to", () -> channel.transferTo(0, 1, Channels.newChannel(new ByteArrayOutputStream())));
            seen.result(
                    "from",
                    () -> channel.transferFrom(Channels.newChannel(new ByteArrayInputStream(new byte[1])), 0, 1));
        });
        file("it is appended to", (scene, seen) -> {
            try (var channel = scene.open(APPEND)) {
                seen.result("gather", () -> channel.write(new ByteBuffer[] {ascii("a"), ascii("b")}));
                seen.effect("move", () -> channel.position(0));
                seen.result("write", () -> channel.write(ascii("c")));
                seen.result("at", channel::position);
                seen.effect("truncate", () -> channel.truncate(4));
                seen.result("at", channel::position);
            }
            seen.result("there", () -> Files.readString(scene.path()));
        });
    }

    static Stream<Case<Scene<SeekableByteChannel>>> any() {
        return ANY.stream();
    }

    static Stream<Case<Scene<FileChannel>>> files() {
        return FILES.stream();
    }

    private <C> List<String> seen(Case<Scene<C>> behaviour, Opening<? extends C> opening) throws Exception {
        var path = Files.writeString(folder.resolve("file"), "0123456789");
        return behaviour.on(new Scene<>(opening, path));
    }

    private static RecoveringFileChannel covered(Path path, Set<? extends OpenOption> options) throws IOException {
        return RecoveringFileChannel.open(path, options, FileTckTest::never);
    }

    private static SeekableByteChannel coveredWhatever(Path path, Set<? extends OpenOption> options)
            throws IOException {
        var target = Target.<SeekableByteChannel>of(
                path.toString(), () -> Files.newByteChannel(path, options), Losses.ofFiles());
        var writes = options.contains(APPEND) ? Replay.AT_MOST_ONCE : Replay.AT_LEAST_ONCE;
        return RecoveringSeekableByteChannel.open(target, writes, FileTckTest::never);
    }

    /** Recovering would show as a difference: it is not what happens while nothing fails. */
    private static void never(Connection<?> connection, IOException failure) throws IOException {
        throw failure;
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("any")
    void aProgramSeesTheSameOfAnyChannel(Case<Scene<SeekableByteChannel>> behaviour) throws Exception {
        var plain = seen(behaviour, Files::newByteChannel);
        assertThat(plain).isNotEmpty();
        assertThat(seen(behaviour, FileTckTest::covered)).isEqualTo(plain);
        assertThat(seen(behaviour, FileTckTest::coveredWhatever)).isEqualTo(plain);
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("files")
    void aProgramSeesTheSameOfAFileChannel(Case<Scene<FileChannel>> behaviour) throws Exception {
        var plain = seen(behaviour, (path, options) -> FileChannel.open(path, options));
        assertThat(plain).isNotEmpty();
        assertThat(seen(behaviour, FileTckTest::covered)).isEqualTo(plain);
    }

    @Test
    void thereAreSeveralDozen() {
        assertThat(ANY.size() + FILES.size()).isGreaterThan(30);
    }
}
