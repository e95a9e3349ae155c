package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.journal.Lines.batch;
import static org.ham.journal.Lines.line;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: one appends as fast as it can and is killed, another reads along. */
class KillTest {
    private static final int RUNS = 8;
    private static final long PAUSE_NANOS = 1_000_000;

    @TempDir
    Path temp;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatWasStarted() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void losesNoAcknowledgedLineWhenItsWriterIsKilledAtAnyMoment() throws Exception {
        var seed = new Random().nextLong();
        System.out.println("KillTest seed " + seed);
        var random = new Random(seed);
        var dir = temp.resolve("journal");
        var follower = start("follower", Follower.class, dir, Redirect.PIPE);
        for (var run = 1; run <= RUNS; run++) {
            // Not a pipe: what was acknowledged before the death has to be there after it.
            var acks = temp.resolve("appender-" + run + ".acks");
            var appender = start("appender-" + run, Appender.class, dir, Redirect.to(acks.toFile()));
            var enough = 20 + random.nextInt(2000);
            while (acknowledged(acks).size() < enough && appender.isAlive()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            appender.destroyForcibly();
            assertThat(appender.waitFor()).as(log("appender-" + run)).isEqualTo(128 + 9);
            var acknowledged = acknowledged(acks).getLast();
            assertThat(lastLine(dir)).as("seed " + seed + " run " + run).isGreaterThanOrEqualTo(acknowledged);
        }
        var last = lastLine(dir);
        try (var said = output(follower);
                var command = follower.outputWriter()) {
            command.write(last + "\n");
            command.flush();
            assertThat(said.readLine()).as(log("follower")).isEqualTo("read to line " + last);
        }
        assertThat(follower.waitFor()).as(log("follower")).isZero();
        System.out.println("KillTest: " + last + " lines by " + RUNS + " writers that were killed; "
                + log("follower").strip());
    }

    private long lastLine(Path dir) {
        try (var reader = Journal.at(dir, Lines.small(200_000)).read()) {
            follow(reader, reader.position().seq());
            // Torn ends are no news to a reader: they are the writer's to cut off.
            assertThat(reader.findings()).isEmpty();
            return reader.position().seq();
        }
    }

    /** Checks all there is to read, and returns the last line. */
    private static long follow(JournalReader reader, long after) {
        var last = after;
        for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
            for (Event event : batch.get().events()) {
                if (event.seq() != last + 1 || !event.equals(line(event.seq(), event.epoch()))) {
                    throw new IllegalStateException("after line " + last + " came " + event);
                }
                last = event.seq();
            }
        }
        return last;
    }

    /** A killed process may have written half a number; those that are whole end with a dot. */
    private static List<Long> acknowledged(Path file) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> line.endsWith("."))
                .map(line -> Long.valueOf(line.substring(0, line.length() - 1)))
                .toList();
    }

    private Process start(String name, Class<?> main, Path dir, Redirect output) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        dir.toString())
                .redirectOutput(output)
                .redirectError(temp.resolve(name + ".log").toFile())
                .start();
        started.add(process);
        return process;
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    private String log(String name) throws IOException {
        return name + ": " + Files.readString(temp.resolve(name + ".log"));
    }

    /** Appends until it is killed; writes the number of the last line of each batch that was appended. */
    static final class Appender {
        private Appender() {}

        public static void main(String[] args) throws IOException {
            var journal = Journal.at(Path.of(args[0]), Lines.small(200_000));
            try (var reader = journal.read()) {
                follow(reader, reader.position().seq());
                var epoch = reader.position().epoch() + 1;
                try (var writer = journal.write(reader, epoch)) {
                    for (var i = 0L; ; i++) {
                        writer.append(batch(writer.position().seq() + 1, (int) (1 + i % 4), epoch));
                        System.out.write((writer.position().seq() + ".\n").getBytes(StandardCharsets.US_ASCII));
                        System.out.flush();
                        if (writer.snapshotDue()) {
                            writer.snapshot("up to " + writer.position().seq());
                        }
                    }
                }
            }
        }
    }

    /** Reads along until it has the line whose number it gets on its standard input. */
    static final class Follower {
        private Follower() {}

        public static void main(String[] args) throws IOException {
            var journal = Journal.at(Path.of(args[0]), Lines.small(200_000));
            var target = Long.MAX_VALUE;
            var anew = 0;
            var reader = journal.read();
            while (reader.position().seq() < target) {
                try {
                    follow(reader, reader.position().seq());
                } catch (JournalGapException e) {
                    // The writer does not wait for those who read.
                    anew++;
                    reader.close();
                    reader = journal.read();
                }
                reader.findings().forEach(System.err::println);
                if (System.in.available() > 0) {
                    target = Long.parseLong(
                            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine());
                }
                LockSupport.parkNanos(1_000_000);
            }
            System.err.println("started anew " + anew + " times");
            System.out.println("read to line " + reader.position().seq());
            reader.close();
        }
    }
}
