package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;
import static org.ham.itests.node.Stage.log;
import static org.ham.itests.node.Stage.on;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.Event;
import org.ham.api.Raise;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs attach themselves with a heartbeat, over the control socket, and beat into the page that they are given. */
class SelfHeartbeatIT {
    /** As {@code attachSelf} is told: the period in milliseconds and the marks. */
    private static final List<String> HEARTBEAT = List.of("250", "20", "24");

    private static final int LOW = 20;
    private static final int HIGH = 24;
    private static final long LOW_NANOS = 5_000_000_000L;
    private static final long HIGH_NANOS = 6_000_000_000L;
    private static final long SECOND = 1_000_000_000;
    private static final String NOBODY = "65534";
    private static final String SOMEBODY = "65533";

    @RegisterExtension
    static final HamInstance HAM = HamInstance.shared();

    @RegisterExtension
    final Programs programs = new Programs();

    private static Stage stage;
    private static BeatPages pages;

    @BeforeAll
    static void start() {
        HAM.start();
        stage = new Stage(HAM);
        pages = new BeatPages(HAM);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private Programs.Running beating(String name, List<String> before) {
        var words = new ArrayList<>(List.of("beats", name));
        words.addAll(HEARTBEAT);
        var program = programs.start(HAM, before, words.toArray(String[]::new));
        program.await("ready");
        var entity = EntityHandle.of(name);
        stage.ham.addCondition(entity, on(ConditionType.HEARTBEAT_MISSED_LOW, "low", Set.of(), log("log")));
        stage.ham.addCondition(entity, on(ConditionType.HEARTBEAT_MISSED_HIGH, "high", Set.of(), log("log")));
        stage.ham.addCondition(
                entity, on(ConditionType.RAISE, "heal", Set.of(), Stage.action("heal", "heartbeat-healthy", Map.of())));
        pages.awaitBeats(program.pid(), SECOND);
        return program;
    }

    /** It fell silent then: both marks are reached in their order, each in its time, and run their conditions. */
    private static void checkMarks(String name, long lastBeat) {
        var low = stage.heard.await("heartbeat-missed-low", name);
        var high = stage.heard.await("heartbeat-missed-high", name);
        assertThat(high.seq()).isGreaterThan(low.seq());
        assertThat(low.mono()).isGreaterThanOrEqualTo(lastBeat + LOW_NANOS);
        assertThat(high.mono()).isGreaterThanOrEqualTo(lastBeat + HIGH_NANOS);
        assertThat(missed(low)).isGreaterThanOrEqualTo(LOW);
        assertThat(missed(high)).isGreaterThanOrEqualTo(HIGH);
        stage.heard.await(
                "the end of the action under high",
                event -> event.type().equals("action-done")
                        && event.entity().filter(name::equals).isPresent()
                        && event.condition().filter("high"::equals).isPresent());
        assertThat(stage.heard.of(name, "condition-true")).containsExactly("low", "high");
    }

    private static long missed(Event event) {
        return ((Number) event.data().getOrDefault("missed", 0)).longValue();
    }

    private static String state(String entity) {
        return stage.ham.find(entity).orElseThrow().heartbeat().orElseThrow().state();
    }

    @Test
    void whoFallsSilentReachesBothMarksAndIsHealedByTheAction() {
        var program = beating("silent", List.of());
        assertThat(state("silent")).isEqualTo("ok");
        program.tell("silent");
        checkMarks("silent", Long.parseLong(program.await("last")));
        assertThat(stage.pid("silent")).as("a miss kills nothing by itself").isEqualTo(program.pid());

        // A late beat does not heal, the action does.
        program.tell("beat");
        pages.awaitBeats(program.pid(), SECOND);
        assertThat(state("silent")).isEqualTo("missed-high");
        stage.ham.raise(EntityHandle.of("silent"), new Raise(1, 1, 1));
        stage.heard.await("heartbeat-healthy", "silent");
        pages.awaitBeats(program.pid(), LOW_NANOS + SECOND);
        assertThat(state("silent")).isEqualTo("ok");
        assertThat(stage.heard.of("silent", "heartbeat-missed-low")).hasSize(1);
        program.finish();
        stage.heard.await("detached", "silent");
        assertThat(stage.heard.of("silent", "death")).isEmpty();
    }

    @Test
    void aRegisteredThreadThatHangsIsFoundThoughTheOthersGoOn() {
        var program = beating("hung", List.of());
        var before = pages.oldestBeat(program.pid());
        program.tell("hang");
        checkMarks("hung", before);
        assertThat(pages.lastBeat(program.pid())).as("beats of the others").isGreaterThan(before + LOW_NANOS);
        program.finish();
    }

    @Test
    void aTakeoverRaisesNoAlarmAndAStoppedProgramIsFoundByTheNextHam() {
        HAM.awaitMirrored();
        var program = beating("stopped", List.of());
        var pid = HAM.hamPid();
        kill(pid, "KILL");
        HAM.awaitMirrored(pid);
        pages.awaitBeats(program.pid(), LOW_NANOS + 2 * SECOND);
        assertThat(stage.heard.of("stopped", "heartbeat-missed-low")).isEmpty();
        assertThat(state("stopped")).isEqualTo("ok");

        kill(program.pid(), "STOP");
        checkMarks("stopped", pages.oldestBeat(program.pid()));
        kill(program.pid(), "CONT");
        program.finish();
        stage.heard.await("detached", "stopped");
    }

    @Test
    void aProgramOfAnotherUserBeatsIntoAPageThatNoThirdOneCanOpen() throws Exception {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root, to become others");
        var program = beating("foreign", as(NOBODY));
        var page = pages.file(program.pid());
        assertThat(Files.getAttribute(page, "unix:uid")).hasToString(NOBODY);
        assertThat(Files.getPosixFilePermissions(page)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(reads(NOBODY, page)).as("its owner").isTrue();
        assertThat(reads(SOMEBODY, page)).as("another user").isFalse();
        assertThat(succeeds(SOMEBODY, "ls", page.resolveSibling("").toString()))
                .as("a list of the pages")
                .isFalse();
        assertThat(reads(NOBODY, HAM.runDir.resolve("beat.page")))
                .as("the HAM's own page")
                .isFalse();

        program.tell("silent");
        checkMarks("foreign", Long.parseLong(program.await("last")));
        program.finish();
        stage.heard.await("detached", "foreign");
    }

    private static List<String> as(String user) {
        return List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups");
    }

    /** For reading and writing alike. */
    private static boolean reads(String user, Path file) throws IOException, InterruptedException {
        return succeeds(user, "sh", "-c", ": <>\"$1\"", "sh", file.toString());
    }

    private static boolean succeeds(String user, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(as(user));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
