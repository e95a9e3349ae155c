package org.ham.itests.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many deaths, one after the other. Writes a line for each to {@code done.txt}, and what may explain a failure beside it; a campaign
 * with the same folder goes on where the one before it ended. Not thread-safe.
 */
final class CrashCampaign implements AutoCloseable {
    private static final String DONE = "done.txt";
    private static final String POINTS = "points.txt";

    /** How often a point is waited for in vain until it counts as not reached. */
    private static final int TRIES = 3;

    /** How often all that were waited for in vain are gone through again. */
    private static final int ROUNDS = 3;

    private final Path out;
    private final Random random;
    private final long seed;
    private final Instant end;
    private final List<String> failures = new ArrayList<>();
    private final Set<String> done = new HashSet<>();
    private final Set<Crash> missed = new LinkedHashSet<>();
    private final Set<String> places = new HashSet<>();
    private @Nullable CrashStage stage;
    private int died;

    CrashCampaign(Path out, long seed, int seconds) {
        this.out = out;
        this.seed = seed;
        random = new Random(seed);
        end = seconds == 0 ? Instant.MAX : Instant.now().plusSeconds(seconds);
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What went wrong, one text a crash. */
    List<String> failures() {
        return failures;
    }

    /** A few of each situation, as many as there is time for. */
    void some() {
        var counts = count(1);
        var crashes = new ArrayList<Crash>();
        for (var i = 0; i < 200; i++) {
            crashes.add(any(counts, Situation.values()[i % Situation.values().length], random));
        }
        run(crashes);
        assertThat(died).as("crashes").isPositive();
    }

    /** Exactly these. */
    void these(List<Crash> crashes) {
        for (var crash : crashes) {
            var fired = attempt(crash);
            assertThat(failures.isEmpty() && fired.isEmpty())
                    .as("%s was not reached", crash)
                    .isFalse();
        }
    }

    /** Each point that is passed, and then as many at random. */
    void all(int more) {
        resume();
        var counts = counted();
        CrashPoints.requireReached(counts);
        var each = new ArrayList<Crash>();
        counts.forEach(
                (situation, points) -> points.keySet().forEach(point -> each.add(new Crash(situation, point, 1, 500))));
        // In any order: a Guardian that dies again and again is started later each time.
        java.util.Collections.shuffle(each, random);
        System.out.println("crash points: " + each.size() + " of " + counts.size() + " situations");
        run(each);
        for (var round = 1; round < ROUNDS && !isOver(); round++) {
            run(List.copyOf(missed));
        }
        // Of a campaign that was broken off nobody can say which points it would have come to.
        var inVain = isOver() ? List.<Crash>of() : List.copyOf(missed);
        var some = new ArrayList<Crash>();
        for (var i = 0; i < more; i++) {
            // Each by a seed of its own, so that a campaign that goes on chooses the same.
            var dice = new Random(seed * 1_000_003 + i);
            some.add(any(counts, Situation.values()[dice.nextInt(Situation.values().length)], dice));
        }
        run(some);
        for (var place : CrashPoints.neverDied(inVain, places)) {
            failures.add(place
                    + ": passed while the points were counted, but nobody ever died there; if only some rounds pass"
                    + " there, docs/crash-points.md is to say which");
        }
    }

    private static Crash any(Map<Situation, Map<String, Long>> counts, Situation situation, Random dice) {
        var points = counts.getOrDefault(situation, Map.of());
        var names = List.copyOf(new TreeSet<>(points.keySet()));
        var point = names.get(dice.nextInt(names.size()));
        return new Crash(situation, point, 1 + dice.nextLong(points.getOrDefault(point, 1L)), 1 + dice.nextInt(999));
    }

    private Map<Situation, Map<String, Long>> count(int times) {
        var counts = new EnumMap<Situation, Map<String, Long>>(Situation.class);
        for (var i = 0; i < times; i++) {
            for (var situation : Situation.values()) {
                var all = counts.computeIfAbsent(situation, _ -> new TreeMap<>());
                stage().count(situation).forEach((point, passed) -> all.merge(point, passed, Math::max));
            }
        }
        return counts;
    }

    /** As the campaign that goes on here had counted, so that it chooses the same; else counted now. */
    private Map<Situation, Map<String, Long>> counted() {
        var file = out.resolve(POINTS);
        if (!Files.exists(file)) {
            var counts = count(2);
            write(POINTS, text(counts));
            return counts;
        }
        try {
            var counts = new EnumMap<Situation, Map<String, Long>>(Situation.class);
            for (var line : Files.readAllLines(file)) {
                var words = line.split(" +", 3);
                counts.computeIfAbsent(Situation.valueOf(words[0]), _ -> new TreeMap<>())
                        .put(words[2], Long.valueOf(words[1]));
            }
            return counts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Map<Situation, Map<String, Long>> counts) {
        var text = new StringBuilder();
        counts.forEach((situation, points) ->
                points.forEach((point, passed) -> text.append("%-14s %6d %s%n".formatted(situation, passed, point))));
        return text.toString();
    }

    private void run(List<Crash> crashes) {
        var number = 0;
        for (var crash : crashes) {
            number++;
            // One of each situation, however long that takes.
            if (number > Situation.values().length && isOver()) {
                System.out.println("crash points: the time is over, " + (number - 1) + " of " + crashes.size());
                return;
            }
            if (done.contains(crash.toString())) {
                continue;
            }
            waitWhilePaused();
            var began = Instant.now();
            var fired = attempt(crash);
            var word = fired.isPresent() ? "died" : "not reached";
            System.out.println("crash points: " + LocalTime.now().withNano(0) + " " + number + "/" + crashes.size()
                    + " "
                    + word + " " + Duration.between(began, Instant.now()).toMillis() + " ms " + crash
                    + (failures.isEmpty() ? "" : ", failures so far: " + failures.size()));
        }
    }

    private boolean isOver() {
        return Instant.now().isAfter(end);
    }

    /** As long as a file is there, so that a machine can be had for something else. */
    private static void waitWhilePaused() {
        var file = System.getProperty("ham.crash.pause", "");
        while (!file.isEmpty() && Files.exists(Path.of(file))) {
            LockSupport.parkNanos(1_000_000_000);
        }
    }

    /** One crash; where the last one passed there before, at its first. */
    private OptionalLong attempt(Crash crash) {
        var now = crash;
        for (var tries = 0; tries < TRIES; tries++) {
            try {
                var fired = stage().die(now);
                if (fired.isPresent()) {
                    died++;
                    missed.remove(crash);
                    places.add(crash.place());
                    append("died " + crash + (now.equals(crash) ? "" : " as " + now));
                    return fired;
                }
                now = new Crash(crash.situation(), crash.point(), Math.max(1, now.occurrence() / 4), crash.cut());
            } catch (AssertionError | RuntimeException e) {
                failed(now, e);
                append("FAILED " + crash);
                return OptionalLong.empty();
            }
        }
        append("missed " + crash);
        missed.add(crash);
        return OptionalLong.empty();
    }

    private void failed(Crash crash, Throwable why) {
        var folder = out.resolve("failed-" + System.currentTimeMillis());
        failures.add(crash + ": " + why + "; see " + folder + "; again: -Dham.crash.points='" + crash + "'");
        System.out.println("crash points: FAILED " + failures.getLast());
        var broken = stage;
        stage = null;
        if (broken != null) {
            broken.keep(folder);
            broken.close();
        }
        var trace = new java.io.StringWriter();
        why.printStackTrace(new java.io.PrintWriter(trace));
        write(folder.getFileName() + "/why.txt", crash + "\n" + trace);
    }

    private CrashStage stage() {
        var there = stage;
        if (there == null) {
            there = new CrashStage();
            stage = there;
        }
        return there;
    }

    private void resume() {
        var file = out.resolve(DONE);
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("died "))
                        .map(line -> line.split(" ")[1])
                        .forEach(crash -> {
                            done.add(crash);
                            places.add(Crash.of(crash).place());
                        });
                System.out.println("crash points: " + done.size() + " are done already, by " + file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(String line) {
        try {
            Files.writeString(
                    out.resolve(DONE), line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text) {
        try {
            Files.createDirectories(out.resolve(name).getParent());
            Files.writeString(out.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        var last = stage;
        if (last != null) {
            try {
                var lines = last.lines();
                assertThat(lines.getLast()).as("the last line").isGreaterThanOrEqualTo(last.written());
                for (var i = 1; i < lines.size(); i++) {
                    assertThat(lines.get(i)).as("line numbers").isEqualTo(lines.get(i - 1) + 1);
                }
            } finally {
                last.close();
            }
        }
    }
}
