package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.ham.crash.CrashPage;
import org.jspecify.annotations.Nullable;

/** A HAM with the agent in both its processes, which dies again and again and is looked at each time. Not thread-safe. */
final class CrashStage implements AutoCloseable {
    /** How many rounds of work are counted, and wait for a point. */
    private static final int COUNTED = 3;

    private static final int WAITED = 8;
    private static final Duration TICK = Duration.ofMillis(10);
    private static final List<String> VOLATILE =
            List.of("pid", "startTime", "restarts", "created", "lastDeath", "lastReason", "state");

    private final HamInstance ham = new HamInstance();
    private final CrashPage page;
    private final CrashWork work;
    private final CrashAudit audit;
    private final CrashControl control;
    private final Path out;
    private final String shape;
    private @Nullable Process starting;
    private long hamPid;
    private long guardianPid;
    private final long calm;
    private final String alarm;

    CrashStage() {
        try {
            page = CrashPage.open(ham.conf.resolve("page"));
            ham.settings("""
                    guardian:
                      probation: 1s
                    journal:
                      segment-bytes: 65536
                      keep-segments: 12
                    """);
            out = ham.conf.resolve("start.out");
            work = new CrashWork(ham);
            control = new CrashControl(ham.runDir);
            audit = new CrashAudit(ham.runDir);
            startAgain();
            recover();
            shape = shape();
            calm = CrashWork.pids(control.ask("tree")).getOrDefault("calm", 0L);
            // Such as that the tree cannot be had as files here.
            alarm = alarm();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts which points are passed in a situation, and how often, with nobody dying. */
    Map<String, Long> count(Situation situation) {
        page.forget(situation.ordinal());
        var fired = live(new Crash(situation, "", 0, 0));
        assertThat(fired).as("who died though nobody was to").isEmpty();
        page.disarm();
        recover();
        check();
        return page.passed(situation.ordinal());
    }

    /** Has a process die, and checks that it made no difference; empty when it never came to the point. */
    OptionalLong die(Crash crash) {
        var fired = live(crash);
        page.disarm();
        fired.ifPresent(pid -> await("the death of process " + pid, () -> !HamInstance.isAlive(pid)));
        recover();
        check();
        return fired;
    }

    private OptionalLong live(Crash crash) {
        var counting = crash.point().isEmpty();
        deleteReserve();
        switch (crash.situation()) {
            case HAM, GUARDIAN -> {
                arm(crash, crash.situation() == Situation.HAM ? hamPid : guardianPid);
                for (var i = 0; i < (counting ? COUNTED : WAITED) && page.fired() == 0; i++) {
                    control.greet();
                    CrashWork.finish(work.begin());
                }
            }
            case GUARDIAN_DEATH -> {
                arm(crash, hamPid);
                liveThrough(() -> HamInstance.kill(guardianPid, "KILL"));
            }
            case TAKEOVER -> {
                arm(crash, guardianPid);
                liveThrough(() -> HamInstance.kill(hamPid, "KILL"));
            }
            case GUARDIAN_START -> {
                arm(crash, CrashPage.NEXT_GUARDIAN);
                liveThrough(() -> HamInstance.kill(guardianPid, "KILL"));
            }
            case UPGRADE, UPGRADE_GUARDIAN, CANDIDATE -> {
                arm(
                        crash,
                        switch (crash.situation()) {
                            case UPGRADE -> hamPid;
                            case UPGRADE_GUARDIAN -> guardianPid;
                            default -> CrashPage.NEXT_GUARDIAN;
                        });
                upgrade();
            }
            case START -> {
                arm(crash, CrashPage.NEXT_HAM);
                liveThrough(() -> {
                    HamInstance.killInOneInstant(List.of(hamPid, guardianPid));
                    tear();
                });
            }
        }
        var pid = page.fired();
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /** With work all the time, so that the journal grows into its next file meanwhile. */
    private void upgrade() {
        var round = work.begin();
        control.once("upgrade", System.getProperty("ham.dist"));
        CrashWork.finish(round);
        for (audit.read(); audit.isUpgrading() && page.fired() == 0; audit.read()) {
            CrashWork.finish(work.begin());
        }
        settle(round);
    }

    /** Waits for all to be well again, and works once more where nobody has died. */
    private void settle(CompletableFuture<Void> round) {
        recover();
        CrashWork.finish(round);
        if (page.fired() == 0) {
            CrashWork.finish(work.begin());
        }
    }

    /** The disk's room in reserve is made anew by every HAM that finds none. */
    private void deleteReserve() {
        try {
            Files.deleteIfExists(ham.runDir.resolve("journal/reserve"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a HAM leaves that dies in the middle of a write: a length, and less than that. */
    private void tear() {
        try (var files = Files.list(ham.runDir.resolve("journal"))) {
            var newest = files.filter(file -> file.getFileName().toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            Files.write(newest, new byte[] {0, 0, 1, 0, 7, 7, 7, 7, 1, 0, 0}, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void arm(Crash crash, long victim) {
        page.arm(crash.point(), crash.occurrence(), victim, crash.situation().ordinal(), crash.cut());
    }

    /** Kills in the middle of work, and waits for all to be well again or for the death that is armed. */
    private void liveThrough(Runnable kill) {
        var round = work.begin();
        kill.run();
        while (!round.isDone()) {
            startIfDead();
            pause();
        }
        settle(round);
    }

    /** Waits until HAM and Guardian are there, starting them when nobody is left, and everything that should runs. */
    private void recover() {
        await("HAM and Guardian are there", () -> {
            startIfDead();
            audit.read();
            return isWell(status()) && !audit.isUpgrading() && nodes() == 2;
        });
        await(
                "all entities run",
                () -> CrashWork.pids(control.ask("tree")).keySet().containsAll(CrashWork.ENTITIES));
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TICK.toNanos());
    }

    private void await(String what, java.util.concurrent.Callable<Boolean> until) {
        try {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(TICK)
                    .until(until);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    what + ": not within 90 s; nodes " + living() + ", upgrading " + audit.isUpgrading() + ", status "
                            + status(),
                    e);
        }
    }

    /** The nodes, and how the kernel says they are. */
    private List<String> living() {
        return page.started().stream()
                .distinct()
                .filter(this::isNode)
                .map(pid -> {
                    try {
                        return Files.readString(Path.of("/proc/" + pid + "/stat"));
                    } catch (IOException e) {
                        return pid + ": " + e.getMessage();
                    }
                })
                .toList();
    }

    private boolean isWell(Optional<JsonObject> status) {
        if (status.isEmpty() || !status.get().get("guardian").isJsonObject()) {
            return false;
        }
        var guardian = status.get().getAsJsonObject("guardian");
        var leads = status.get().getAsJsonObject("ham").get("pid").getAsLong();
        var standsBy = guardian.get("pid").getAsLong();
        if (!guardian.get("ready").getAsBoolean() || !isNode(leads) || !isNode(standsBy)) {
            return false;
        }
        hamPid = leads;
        guardianPid = standsBy;
        return true;
    }

    /** Empty while nobody is there to answer. */
    private Optional<JsonObject> status() {
        return page.started().stream().anyMatch(this::isNode) ? control.attempt("status") : Optional.empty();
    }

    /** How many live: not more than these two, whatever was begun and given up. */
    private long nodes() {
        return page.started().stream().distinct().filter(this::isNode).count();
    }

    /** One of ours: a pid may be another's by now, or that of a thread, which is found under its number as well. */
    private boolean isNode(long pid) {
        try {
            return HamInstance.isAlive(pid)
                    && Files.readString(Path.of("/proc/" + pid + "/status")).contains("Tgid:\t" + pid + "\n")
                    && Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                            .contains("-Dham.run.dir=" + ham.runDir + "\0");
        } catch (IOException | UncheckedIOException _) {
            return false;
        }
    }

    private void startIfDead() {
        var last = starting;
        if ((last == null || !last.isAlive()) && page.started().stream().noneMatch(this::isNode)) {
            startAgain();
        }
    }

    private void startAgain() {
        try {
            var builder = ham.builder("start", ham.conf.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
            builder.environment()
                    .put(
                            "JDK_JAVA_OPTIONS",
                            "-javaagent:" + System.getProperty("ham.crash.agent") + "=" + ham.conf.resolve("page"));
            var started = builder.start();
            started.getOutputStream().close();
            starting = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check() {
        work.check(audit);
        var tree = control.ask("tree");
        assertThat(shape(tree)).as("the tree").isEqualTo(shape);
        assertThat(CrashWork.pids(tree)).as("who was left alone").containsEntry("calm", calm);
        var expected = new HashMap<String, List<Long>>();
        CrashWork.pids(tree).forEach((name, pid) -> expected.put(name, List.of(pid)));
        var living = new HashMap<String, List<Long>>();
        ham.livingByEntity()
                .forEach((pid, name) ->
                        living.computeIfAbsent(name, _ -> new ArrayList<>()).add(pid));
        assertThat(living).as("the processes that live, by entity").isEqualTo(expected);
        assertThat(alarm()).as("alarm").isEqualTo(alarm);
    }

    private String alarm() {
        return control.ask("status").get("alarm").getAsString();
    }

    private String shape() {
        return shape(control.ask("tree"));
    }

    /** The tree without what differs from time to time. */
    private static String shape(JsonObject tree) {
        var copy = tree.deepCopy();
        for (var each : copy.getAsJsonArray("entities")) {
            VOLATILE.forEach(each.getAsJsonObject()::remove);
        }
        return copy.toString();
    }

    /** Keeps what may explain a failure. */
    void keep(Path folder) {
        try {
            Files.createDirectories(folder);
            for (var from : List.of(ham.runDir.resolve("journal"), ham.runDir.resolve("log"), ham.conf)) {
                try (var files = Files.list(from)) {
                    for (var file : files.filter(Files::isRegularFile).toList()) {
                        Files.copy(
                                file,
                                folder.resolve(from.getFileName() + "-" + file.getFileName()),
                                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of all lines as {@code ham events} prints them. */
    List<Long> lines() {
        return ham.events().stream().map(line -> line.get("seq").getAsLong()).toList();
    }

    /** How many lines the journal has. */
    long written() {
        return audit.seq();
    }

    @Override
    public void close() {
        page.disarm();
        work.close();
        control.close();
        var last = starting;
        if (last != null) {
            last.destroyForcibly();
        }
        try {
            ham.end();
        } catch (Exception e) {
            throw new IllegalStateException("it did not end", e);
        }
        assertThat(page.started().stream().filter(this::isNode))
                .as("nodes left over")
                .isEmpty();
    }
}
