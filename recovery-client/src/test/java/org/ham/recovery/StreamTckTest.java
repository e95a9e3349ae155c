package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.ham.recovery.Transcript.Case;
import org.ham.recovery.Transcript.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While nothing fails, covered streams, readers and writers are what those of the JDK are. */
class StreamTckTest {
    private static final List<Case<InputStream>> INPUTS = new ArrayList<>();
    private static final List<Case<Scene<OutputStream>>> OUTPUTS = new ArrayList<>();
    private static final List<Case<BufferedReader>> READERS = new ArrayList<>();
    private static final List<Case<Scene<Writer>>> WRITERS = new ArrayList<>();

    /** More than a buffer of any kind, with letters of one to four bytes. */
    private static final String LONG = "aé€𝄞\n".repeat(5000);

    @TempDir
    private Path folder;

    /** Something to write to, and where it goes. */
    private record Scene<T>(T it, Path path) {}

    private static void input(String name, Script<InputStream> script) {
        INPUTS.add(new Case<>(name, script));
    }

    private static void output(String name, Script<Scene<OutputStream>> script) {
        OUTPUTS.add(new Case<>(name, script));
    }

    private static void reader(String name, Script<BufferedReader> script) {
        READERS.add(new Case<>(name, script));
    }

    private static void writer(String name, Script<Scene<Writer>> script) {
        WRITERS.add(new Case<>(name, script));
    }

    static {
        input("it is read one by one", (in, seen) -> {
            for (var times = 0; times < 12; times++) {
                seen.result("one", in::read);
            }
        });
        input("it is read in parts", (in, seen) -> {
            var bytes = new byte[6];
            seen.result("part", () -> in.read(bytes, 1, 4));
            seen.result("them", () -> bytes);
            seen.result("whole", () -> in.read(bytes));
            seen.result("rest", () -> in.read(bytes));
            seen.result("end", () -> in.read(bytes));
            seen.result("none", () -> in.read(bytes, 0, 0));
        });
        input("it is read wrongly", (in, seen) -> {
            seen.result("null", () -> in.read(null));
            seen.result("null", () -> in.read(null, 0, 1));
            seen.result("outside", () -> in.read(new byte[1], 0, 2));
            seen.result("negative", () -> in.read(new byte[1], -1, 1));
            seen.result("length", () -> in.readNBytes(-1));
            seen.result("still", in::read);
        });
        input("all is read", (in, seen) -> {
            seen.result("some", () -> in.readNBytes(3));
            seen.result("into", () -> in.readNBytes(new byte[4], 1, 2));
            seen.result("all", in::readAllBytes);
            seen.result("more", in::readAllBytes);
            seen.result("end", in::read);
        });
        input("it is skipped through", (in, seen) -> {
            seen.result("some", () -> in.skip(3));
            seen.result("none", () -> in.skip(0));
            seen.result("at", in::read);
            seen.effect("exactly", () -> in.skipNBytes(2));
            seen.result("at", in::read);
            seen.effect("too far", () -> in.skipNBytes(99));
        });
        input("it is asked for what is there", (in, seen) -> {
            seen.result("all", in::available);
            in.readNBytes(4);
            seen.result("rest", in::available);
            in.readAllBytes();
            seen.result("none", in::available);
        });
        input("it is marked", (in, seen) -> {
            seen.result("supported", in::markSupported);
            in.read();
            in.mark(5);
            in.readNBytes(3);
            seen.effect("reset", in::reset);
            seen.result("at", in::read);
            seen.effect("reset again", in::reset);
            seen.result("at", in::read);
        });
        input("it is reset without a mark", (in, seen) -> {
            in.read();
            seen.effect("reset", in::reset);
            seen.result("at", in::read);
        });
        input("it is transferred", (in, seen) -> {
            in.read();
            var out = new ByteArrayOutputStream();
            seen.result("it", () -> in.transferTo(out));
            seen.result("there", out::toString);
        });
        input("it is closed", (in, seen) -> {
            seen.effect("close", in::close);
            seen.effect("close again", in::close);
            seen.result("read", in::read);
            seen.result("part", () -> in.read(new byte[1]));
            seen.result("none", () -> in.read(new byte[0]));
            seen.result("skip", () -> in.skip(1));
            seen.result("available", in::available);
            seen.result("all", in::readAllBytes);
        });

        output("it is written", (scene, seen) -> {
            var out = scene.it();
            seen.effect("one", () -> out.write('a'));
            seen.effect("some", () -> out.write("bc".getBytes(US_ASCII)));
            seen.effect("part", () -> out.write("xdex".getBytes(US_ASCII), 1, 2));
            seen.effect("none", () -> out.write(new byte[0]));
            seen.result("there", () -> Files.readString(scene.path()));
            seen.effect("flush", out::flush);
        });
        output("it is written wrongly", (scene, seen) -> {
            seen.effect("null", () -> scene.it().write(null));
            seen.effect("outside", () -> scene.it().write(new byte[1], 1, 1));
            seen.effect("negative", () -> scene.it().write(new byte[1], 0, -1));
            seen.result("there", () -> Files.readAllBytes(scene.path()));
        });
        output("much is written", (scene, seen) -> {
            seen.effect("much", () -> scene.it().write(LONG.getBytes(UTF_8)));
            seen.result("there", () -> Files.readString(scene.path()).equals(LONG) || Files.size(scene.path()) > 0);
        });
        output("it is closed", (scene, seen) -> {
            seen.effect("close", scene.it()::close);
            seen.effect("close again", scene.it()::close);
            seen.effect("write", () -> scene.it().write(1));
            seen.effect("none", () -> scene.it().write(new byte[0]));
            seen.effect("flush", scene.it()::flush);
        });

        reader("lines are read", (in, seen) -> {
            seen.result("first", in::readLine);
            seen.result("ready", in::ready);
            seen.result("count", () -> in.lines().count());
            seen.result("end", in::readLine);
            seen.result("end", in::read);
        });
        reader("letters are read", (in, seen) -> {
            seen.result("one", in::read);
            var some = new char[7];
            seen.result("some", () -> in.read(some, 1, 5));
            seen.result("they", () -> String.valueOf(some));
            seen.result("none", () -> in.read(some, 0, 0));
            seen.result("outside", () -> in.read(some, 5, 5));
            seen.result("skip", () -> in.skip(4));
            seen.result("skip back", () -> in.skip(-1));
            seen.result("at", in::read);
        });
        reader("it is marked", (in, seen) -> {
            seen.result("supported", in::markSupported);
            seen.effect("reset", in::reset);
            in.mark(20_000);
            var text = new char[15_000];
            seen.result("much", () -> in.read(text));
            seen.effect("reset", in::reset);
            seen.result("again", in::readLine);
            seen.effect("negative", () -> in.mark(-1));
        });
        reader(
                "all is read",
                (in, seen) -> seen.result("all", () -> in.readAllAsString().equals(LONG)));
        reader("it is closed", (in, seen) -> {
            seen.effect("close", in::close);
            seen.effect("close again", in::close);
            seen.result("read", in::read);
            seen.result("line", in::readLine);
            seen.result("ready", in::ready);
            seen.effect("mark", () -> in.mark(1));
        });

        writer("letters are written", (scene, seen) -> {
            var out = scene.it();
            seen.effect("one", () -> out.write('é'));
            seen.effect("text", () -> out.write("€𝄞"));
            seen.effect("part", () -> out.write("xabx", 1, 2));
            seen.effect("line", () -> out.write(System.lineSeparator()));
            seen.result("append", () -> out.append("c") == out);
            seen.result("not yet", () -> Files.size(scene.path()));
            seen.effect("flush", out::flush);
            seen.result("there", () -> Files.readString(scene.path()));
            seen.effect("half a letter", () -> out.write('\uD834'));
            seen.effect("no other half", () -> out.write('a'));
            seen.effect("flush", out::flush);
        });
        writer("it is written wrongly", (scene, seen) -> {
            seen.effect("null", () -> scene.it().write((String) null));
            seen.effect("outside", () -> scene.it().write("a", 0, 2));
            seen.effect("flush", scene.it()::flush);
        });
        writer("much is written", (scene, seen) -> {
            seen.effect("much", () -> scene.it().write(LONG));
            seen.effect("flush", scene.it()::flush);
            seen.result("there", () -> Files.size(scene.path()));
        });
        writer("it is closed", (scene, seen) -> {
            scene.it().write("last");
            seen.effect("close", scene.it()::close);
            seen.effect("close again", scene.it()::close);
            seen.result("there", () -> Files.readString(scene.path()));
            seen.effect("write", () -> scene.it().write("a"));
            seen.effect("flush", scene.it()::flush);
        });
    }

    static Stream<Case<InputStream>> inputs() {
        return INPUTS.stream();
    }

    static Stream<Case<Scene<OutputStream>>> outputs() {
        return OUTPUTS.stream();
    }

    static Stream<Case<BufferedReader>> readers() {
        return READERS.stream();
    }

    static Stream<Case<Scene<Writer>>> writers() {
        return WRITERS.stream();
    }

    private static void never(Connection<?> connection, IOException failure) throws IOException {
        throw failure;
    }

    private static <T extends AutoCloseable> List<String> seen(Case<T> behaviour, T scene) throws Exception {
        var seen = behaviour.on(scene);
        scene.close();
        assertThat(seen).isNotEmpty();
        return seen;
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("inputs")
    void aProgramSeesTheSameOfAnInputStream(Case<InputStream> behaviour) throws Exception {
        var path = Files.writeString(folder.resolve("file"), "0123456789");
        assertThat(seen(behaviour, RecoveringStreams.read(path, StreamTckTest::never)))
                .isEqualTo(seen(behaviour, Files.newInputStream(path)));
        for (Opener<InputStream> opener : List.<Opener<InputStream>>of(
                () -> Files.newInputStream(path),
                () -> new ByteArrayInputStream("0123456789".getBytes(US_ASCII)),
                () -> new java.io.BufferedInputStream(Files.newInputStream(path)))) {
            var cover = RecoveringStreams.read(Target.of("any", opener, Losses.ofFiles()), StreamTckTest::never);
            assertThat(seen(behaviour, cover)).isEqualTo(seen(behaviour, opener.open()));
        }
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("outputs")
    void aProgramSeesTheSameOfAnOutputStream(Case<Scene<OutputStream>> behaviour) throws Exception {
        var path = folder.resolve("file");
        Files.writeString(path, "old");
        var plain = behaviour.on(new Scene<>(Files.newOutputStream(path), path));
        Files.writeString(path, "old");
        assertThat(behaviour.on(new Scene<>(RecoveringStreams.write(path, StreamTckTest::never), path)))
                .isEqualTo(plain);
        Files.writeString(path, "old");
        var appended = behaviour.on(
                new Scene<>(Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), path));
        Files.writeString(path, "old");
        assertThat(behaviour.on(new Scene<>(RecoveringStreams.append(path, StreamTckTest::never), path)))
                .isEqualTo(appended);
    }

    /** Of any kind, opened by a program. */
    private static List<Opener<OutputStream>> kinds(Path path) {
        return List.of(
                () -> Files.newOutputStream(path),
                () -> new FileOutputStream(path.toFile()),
                () -> new BufferedOutputStream(new FileOutputStream(path.toFile())),
                () -> new ByteArrayOutputStream());
    }

    private static Target<OutputStream> any(Opener<OutputStream> kind) {
        return Target.of("any", kind, Losses.ofSockets());
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("outputs")
    void aProgramSeesTheSameOfAnyOutputStream(Case<Scene<OutputStream>> behaviour) throws Exception {
        var path = folder.resolve("file");
        for (var kind : kinds(path)) {
            Files.writeString(path, "old");
            var plain = behaviour.on(new Scene<>(kind.open(), path));
            Files.writeString(path, "old");
            assertThat(behaviour.on(new Scene<>(RecoveringStreams.write(any(kind), StreamTckTest::never), path)))
                    .isEqualTo(plain);
        }
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("writers")
    void aProgramSeesTheSameOfAWriterOverAnyOutputStream(Case<Scene<Writer>> behaviour) throws Exception {
        var path = folder.resolve("file");
        for (var charset : List.of(UTF_8, US_ASCII)) {
            for (var kind : kinds(path)) {
                Files.writeString(path, "old");
                var encoded = new OutputStreamWriter(kind.open(), charset.newEncoder());
                var plain = behaviour.on(new Scene<>(new BufferedWriter(encoded), path));
                Files.writeString(path, "old");
                var cover = RecoveringStreams.writer(any(kind), charset, StreamTckTest::never);
                assertThat(behaviour.on(new Scene<>(cover, path))).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("readers")
    void aProgramSeesTheSameOfAReader(Case<BufferedReader> behaviour) throws Exception {
        var path = Files.writeString(folder.resolve("file"), LONG);
        assertThat(seen(behaviour, RecoveringStreams.reader(path, UTF_8, StreamTckTest::never)))
                .isEqualTo(seen(behaviour, Files.newBufferedReader(path)));
        Files.write(path, new byte[] {'a', '\n', -1, 'b'});
        assertThat(seen(behaviour, RecoveringStreams.reader(path, UTF_8, StreamTckTest::never)))
                .isEqualTo(seen(behaviour, Files.newBufferedReader(path)));
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("writers")
    void aProgramSeesTheSameOfAWriter(Case<Scene<Writer>> behaviour) throws Exception {
        var path = folder.resolve("file");
        for (var charset : List.of(UTF_8, US_ASCII)) {
            var plain = behaviour.on(new Scene<>(Files.newBufferedWriter(path, charset), path));
            assertThat(behaviour.on(new Scene<>(RecoveringStreams.writer(path, charset, StreamTckTest::never), path)))
                    .isEqualTo(plain);
            Files.writeString(path, "old");
            var appended = behaviour.on(new Scene<>(
                    Files.newBufferedWriter(path, charset, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    path));
            Files.writeString(path, "old");
            assertThat(behaviour.on(new Scene<>(RecoveringStreams.appender(path, charset, StreamTckTest::never), path)))
                    .isEqualTo(appended);
        }
    }

    /** Whatever is lost in between, each letter comes once. */
    @Test
    void readersAndWritersGoOnWhereTheyWere() throws IOException {
        var path = folder.resolve("file");
        var written = RecoveringFileChannel.create(path, Recovery.reopening());
        try (var writer = RecoveringStreams.writer(Channels.newOutputStream(written), UTF_8)) {
            for (var at = 0; at < LONG.length(); at += 1000) {
                writer.write(LONG, at, 1000);
                written.connection().resource().close();
                writer.flush();
            }
        }
        assertThat(path).hasContent(LONG);
        var read = RecoveringFileChannel.open(path, Set.of(READ), Recovery.reopening());
        try (var reader = RecoveringStreams.reader(Channels.newInputStream(read), UTF_8)) {
            var text = new StringBuilder();
            for (var next = reader.read(); next >= 0; next = reader.read()) {
                text.append((char) next);
                read.connection().resource().close();
            }
            assertThat(text).hasToString(LONG);
            assertThat(read.connection().counters().succeeded()).isPositive();
        }
    }

    @Test
    void anyInputStreamGoesOnWhereItWas() throws IOException {
        var opened = new ArrayList<ByteArrayInputStream>();
        var failing = new AtomicBoolean();
        var target = Target.<InputStream>of(
                "text",
                () -> {
                    var in = new ByteArrayInputStream("0123456789".getBytes(US_ASCII)) {
                        @Override
                        public synchronized int read() {
                            if (failing.getAndSet(false)) {
                                throw new java.io.UncheckedIOException(new IOException("lost"));
                            }
                            return super.read();
                        }
                    };
                    opened.add(in);
                    return new java.io.FilterInputStream(in) {
                        @Override
                        public int read() throws IOException {
                            try {
                                return super.read();
                            } catch (java.io.UncheckedIOException e) {
                                throw e.getCause();
                            }
                        }
                    };
                },
                Losses.ofSockets());
        try (var in = RecoveringStreams.read(target, Recovery.reopening())) {
            assertThat(in.readNBytes(3)).asString(US_ASCII).isEqualTo("012");
            in.mark(9);
            assertThat(in.read()).isEqualTo('3');
            failing.set(true);
            assertThat(in.read()).isEqualTo('4');
            assertThat(opened).hasSize(2);
            assertThat(in.skip(1)).isEqualTo(1);
            in.reset();
            assertThat(in.readAllBytes()).asString(US_ASCII).isEqualTo("3456789");
        }
    }

    /** Marked after another thread has opened it again, and before anything was read of that. */
    @Test
    void aMarkIsWhereTheReaderIs() throws IOException {
        var opened = new ArrayList<InputStream>();
        var connections = new ArrayList<Connection<InputStream>>();
        var target = Target.<InputStream>of(
                "text",
                () -> {
                    opened.add(new java.io.BufferedInputStream(
                            new ByteArrayInputStream("0123456789".getBytes(US_ASCII)), 1));
                    return opened.getLast();
                },
                Losses.ofSockets());
        try (var in = RecoveringStreams.read(target, (connection, _) -> {
            connections.add(connection);
            connection.reopen();
        })) {
            assertThat(in.readNBytes(2)).asString(US_ASCII).isEqualTo("01");
            opened.getLast().close();
            assertThat(in.read()).isEqualTo('2');
            connections.getFirst().reopen();
            in.mark(9);
            assertThat(in.readNBytes(2)).asString(US_ASCII).isEqualTo("34");
            in.reset();
            assertThat(in.readAllBytes()).asString(US_ASCII).isEqualTo("3456789");
        }
    }

    @Test
    void thereAreSeveralDozen() {
        assertThat(INPUTS.size() + OUTPUTS.size() + READERS.size() + WRITERS.size())
                .isGreaterThan(20);
    }
}
