package org.ham.itests.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.awaitility.Awaitility;
import org.ham.api.EntitySpec;
import org.ham.api.Ham;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Those who follow the journal hear each line of it once, whatever becomes of the HAM meanwhile. {@code -Dham.subscribers=100
 * -Dham.takeovers=100} makes the long campaign.
 */
@Timeout(7200)
class SubscribersIT {
    private static final Duration CATCH_UP = Duration.ofMinutes(2);
    private static final int A_PROGRAM = 25;

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private final List<Process> others = new ArrayList<>();

    @Test
    void subscribersHearEachLineOnceThroughManyTakeovers() throws Exception {
        var subscribers = Integer.getInteger("ham.subscribers", 20);
        var rounds = Integer.getInteger("ham.takeovers", 8);
        ham.settings("journal: {keep-segments: 1000}\nguardian: {hang-after: 30s}\n")
                .restarted("web", "sleep", "100000")
                .start();
        ham.awaitMirrored();
        try (var client =
                HamClient.connect(ClientSettings.of(ham.runDir).named("busy").within(HamInstance.PATIENCE))) {
            var following = programs(subscribers);
            var scripts = scripts();
            var busy = new Busy(client);
            for (var round = 0; round < rounds; round++) {
                takeOver(client);
            }
            var reports = busy.end();
            var last = client.tree().seq();
            var journal = journal(last);
            System.out.println("subscribers " + subscribers + " in " + following.size() + " programs, " + scripts.size()
                    + " scripts, takeovers " + rounds + ", lines " + last + ", reports " + reports);
            assertThat(client.status().hamFailures()).isEqualTo((long) rounds);
            assertThat(states(journal))
                    .as("each report was carried out once, in order")
                    .isEqualTo(LongStream.rangeClosed(1, reports).boxed().toList());
            var digest = digest(journal);
            for (var program : following) {
                var said = program.finish(String.valueOf(last));
                assertThat(said).doesNotContainKey("problem").containsKey("closed");
                assertThat(said.get("digest")).isEqualTo(digest + " " + said.get("closed"));
            }
            for (var script : scripts) {
                assertThat(digest(heard(script, last))).as("%s", script).isEqualTo(digest);
            }
        } finally {
            others.forEach(Process::destroyForcibly);
        }
    }

    private List<Programs.Running> programs(int subscribers) {
        var all = new ArrayList<Programs.Running>();
        for (var left = subscribers; left > 0; left -= A_PROGRAM) {
            all.add(programs.start(ham, List.of(), "follow", String.valueOf(Math.min(left, A_PROGRAM))));
        }
        all.forEach(program -> program.await("ready"));
        return all;
    }

    /** In another language, with a window and without, and slow ones. */
    private List<Path> scripts() throws IOException {
        var python = Transcript.python();
        if (python.isEmpty()) {
            return List.of();
        }
        var outputs = new ArrayList<Path>();
        for (var options : List.of(List.of("0"), List.of("40"), List.of("40", "0.002"), List.of("0", "0.002"))) {
            var output = folder.resolve("follow" + outputs.size());
            var command = new ArrayList<>(List.of(
                    python.get(),
                    Transcript.FOLDER.resolve("follow.py").toString(),
                    ham.runDir.resolve("control.sock").toString()));
            command.addAll(options);
            others.add(new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(folder.resolve("errors" + outputs.size()).toFile())
                    .start());
            outputs.add(output);
        }
        return outputs;
    }

    private static void takeOver(Ham client) {
        var pid = client.status().hamPid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Awaitility.await("a ready Guardian")
                .atMost(CATCH_UP)
                .pollInterval(Duration.ofMillis(50))
                .until(client::status, now -> now.hamPid() != pid && now.guardianReady());
    }

    /** Reports states, each once, and kills an entity now and then. */
    private static final class Busy {
        private final Ham ham;
        private final CountDownLatch stop = new CountDownLatch(1);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Thread thread;
        private int reports;

        Busy(Ham ham) {
            this.ham = ham;
            thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            try {
                var board = ham.attach(EntitySpec.placeholder("board"));
                while (!stop.await(20, TimeUnit.MILLISECONDS)) {
                    ham.reportState(board, ++reports);
                    if (reports % 50 == 0) {
                        ham.find("web").stream()
                                .flatMapToLong(web -> web.pid().stream())
                                .boxed()
                                .flatMap(pid -> ProcessHandle.of(pid).stream())
                                .forEach(ProcessHandle::destroyForcibly);
                    }
                }
            } catch (RuntimeException | InterruptedException e) {
                failure.set(e);
            }
        }

        int end() throws InterruptedException {
            stop.countDown();
            thread.join();
            assertThat(failure.get()).isNull();
            return reports;
        }
    }

    private List<JsonObject> journal(long last) {
        var lines = ham.events().stream()
                .filter(line -> line.get("seq").getAsLong() <= last)
                .toList();
        assertThat(lines.stream().map(line -> line.get("seq").getAsLong()))
                .isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
        return lines;
    }

    private static List<Long> states(List<JsonObject> journal) {
        return journal.stream()
                .filter(line -> line.get("type").getAsString().equals("state"))
                .map(line -> line.getAsJsonObject("data").get("to").getAsLong())
                .toList();
    }

    /** What a script printed up to a line, once it has. */
    private static List<JsonObject> heard(Path output, long last) {
        var lines = Awaitility.await(output + " has line " + last)
                .atMost(CATCH_UP)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> whole(output), all -> all.size() >= last);
        return lines.stream()
                .limit(last)
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static List<String> whole(Path output) throws IOException {
        var text = Files.readString(output);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** As the followers reckon it. */
    private static long digest(List<JsonObject> lines) {
        var sum = new CRC32();
        for (var line : lines) {
            var hash = (line.get("seq").getAsLong() + " "
                            + line.get("type").getAsString() + " "
                            + requireNonNull(line.get("mono")).getAsLong())
                    .hashCode();
            for (var shift = 0; shift < 32; shift += 8) {
                sum.update(hash >> shift & 0xff);
            }
        }
        return sum.getValue();
    }
}
