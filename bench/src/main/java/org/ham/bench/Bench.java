package org.ham.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.ham.linux.Linux;

/**
 * Measures and prints tables: {@code Bench HAM PROGRAMS TEMP [--quick] [--heartbeats | --calls | --recovery | --takeovers]}, the last four
 * for these alone. All supervisors run side by side and are killed
 * at in turns, so that what else the machine does meets them alike. Nothing is judged here; the aims stand beside.
 */
final class Bench {
    /** Kept, or its level would be forgotten. */
    private static final Logger RECOVERY_LOG = Logger.getLogger("org.ham.recovery");

    private static final String HAM = "HAM";
    private static final String C = "bare C";
    private static final String JAVA = "plain Java";

    /** After each recovery, so that its aftermath (journal, Guardian, reaping) does not meet the next one. */
    private static final long REST = 20_000_000;

    /** After a start or a crowd. */
    private static final long SETTLE = 2_000_000_000;

    private final Supervisors supervisors;
    private final Plan plan;
    private final Report report = new Report();
    private boolean failed;

    private Bench(Supervisors supervisors, Plan plan) {
        this.supervisors = supervisors;
        this.plan = plan;
    }

    public static void main(String[] args) throws IOException {
        var words = Arrays.asList(args);
        var plan = words.contains("--quick") ? Plan.quick() : Plan.full();
        var temp = Path.of(words.get(2));
        try (var linux = Linux.open();
                var supervisors = new Supervisors(linux, Path.of(words.get(0)), Path.of(words.get(1)), temp)) {
            // Also when it is interrupted: nothing may be left running.
            Runtime.getRuntime().addShutdownHook(new Thread(supervisors::close));
            System.out.println(Report.machine(linux, supervisors.hasCompiler()));
            var bench = new Bench(supervisors, plan);
            var heartbeats = new HeartbeatCost(linux.clocks(), linux.urgency(), Path.of(words.get(1)), temp, plan);
            if (words.contains("--heartbeats")) {
                bench.attempt("heartbeats", () -> System.out.println(heartbeats.measure()));
                return;
            }
            var calls = new CallCost(Path.of(words.get(1)), temp, plan);
            if (words.contains("--calls")) {
                bench.attempt("calls", () -> bench.calls(calls));
                System.out.println(Report.load());
                return;
            }
            if (words.contains("--takeovers")) {
                var takeovers = new TakeoverTime(supervisors, plan.takeoverRounds());
                bench.attempt("takeovers", takeovers::measure);
                System.out.println(takeovers);
                System.out.println(Report.load());
                return;
            }
            if (words.contains("--recovery")) {
                bench.attempt("recovery library", () -> bench.recovery(Path.of(words.get(1)), temp));
                System.out.println(Report.load());
                return;
            }
            bench.attempt("starts", bench::starts);
            for (var count : List.of(1, 100, 1_000)) {
                bench.attempt(count + " entities", () -> bench.crowd(count));
            }
            bench.attempt("journal", () -> bench.report.journal(JournalCost.measure(temp, plan.journalBlocks())));
            System.out.println(bench.report);
            bench.attempt("heartbeats", () -> System.out.println(heartbeats.measure()));
            bench.attempt("calls", () -> bench.calls(calls));
            bench.attempt("recovery library", () -> bench.recovery(Path.of(words.get(1)), temp));
            System.out.println(Report.load());
            if (bench.failed) {
                System.exit(1);
            }
        }
    }

    private void calls(CallCost calls) throws IOException {
        say("calls");
        var ham = supervisors.ham(1);
        ham.children().await(1);
        ham.awaitReady(0);
        rest(SETTLE);
        System.out.println(calls.measure(ham.runDir()));
        supervisors.end(ham);
    }

    private void recovery(Path programs, Path temp) throws IOException {
        // A line for each kill would be most of what is printed.
        RECOVERY_LOG.setLevel(Level.WARNING);
        say("covers");
        System.out.println(new CoverCost(plan).measure());
        var server = programs.resolve("serve");
        if (!supervisors.hasCompiler()) {
            say("without a C compiler the time away is left out");
            return;
        }
        say("time away");
        var ham = supervisors.ham(1);
        ham.children().await(1);
        ham.awaitReady(0);
        rest(SETTLE);
        System.out.println(new AwayCost(server, temp, plan).measure(ham.runDir()));
        supervisors.end(ham);
    }

    private interface Part {
        void measure() throws IOException;
    }

    /** One part that goes wrong does not take the figures of the others with it. */
    private void attempt(String name, Part part) {
        try {
            part.measure();
        } catch (IOException | RuntimeException e) {
            failed = true;
            say(name + " could not be measured to the end");
            e.printStackTrace();
            supervisors.close();
        }
    }

    /** Starts each supervisor several times and kills its child once: the first recovery of a cold process. */
    private void starts() throws IOException {
        for (var i = 1; i <= plan.starts(); i++) {
            say("start " + i + " of " + plan.starts());
            var ham = supervisors.ham(1);
            report.started().add(ham.children().await(1) - ham.begun());
            ham.awaitReady(0);
            report.ready().add(System.nanoTime() - ham.begun());
            first(HAM, ham);
            var c = supervisors.bareC(1);
            if (c.isPresent()) {
                c.get().children().await(1);
                first(C, c.get());
            }
            var java = supervisors.plainJava(1);
            java.children().await(1);
            first(JAVA, java);
        }
    }

    private void first(String name, Side side) {
        rest(SETTLE);
        report.first(name).add(side.children().recoverAll());
        end(name, side);
    }

    private void end(String name, Side side) {
        rest(REST);
        report.doubled().merge(name, side.children().doubled(), Integer::sum);
        supervisors.end(side);
    }

    /** Everything with one number of entities: idle, killed, taken over. */
    private void crowd(int count) throws IOException {
        say(count + (count == 1 ? " entity" : " entities") + ": starting");
        var ham = supervisors.ham(count);
        ham.children().await(count);
        var nodes = ham.awaitReady(0);
        rest(SETTLE);
        idle(count, nodes);
        var sides = others(count);
        sides.put(HAM, ham);
        if (count == 1) {
            kills(sides);
        } else {
            bursts(count, sides);
        }
        sides.forEach((name, side) -> {
            if (side != ham) {
                end(name, side);
            }
        });
        takeovers(count, ham, nodes);
        end(HAM, ham);
    }

    private Map<String, Side> others(int count) throws IOException {
        var sides = new LinkedHashMap<String, Side>();
        supervisors.bareC(count).ifPresent(side -> sides.put(C, side));
        sides.put(JAVA, supervisors.plainJava(count));
        sides.values().forEach(side -> side.children().await(count));
        rest(SETTLE);
        return sides;
    }

    private void idle(int count, HamSide.Nodes nodes) {
        say(count + ": idle for " + plan.idle().toSeconds() + " s");
        var pids = List.of(nodes.ham(), nodes.guardian());
        var before = pids.stream().map(ProcFiles::usage).toList();
        rest(plan.idle().toNanos());
        var cpu = 0L;
        var wakeUps = 0L;
        for (var i = 0; i < pids.size(); i++) {
            var now = ProcFiles.usage(pids.get(i));
            cpu += now.cpuNanosSince(before.get(i));
            wakeUps += now.wakeUpsSince(before.get(i));
        }
        var minutes = (double) plan.idle().toNanos() / Duration.ofMinutes(1).toNanos();
        report.idle(
                count,
                ProcFiles.pssKib(nodes.ham()),
                ProcFiles.pssKib(nodes.guardian()),
                cpu / 1e9 / minutes,
                wakeUps / minutes / 60);
    }

    private void kills(Map<String, Side> sides) {
        var all = new ArrayList<>(sides.entrySet());
        for (var i = -Plan.WARM_UP; i < plan.kills(); i++) {
            if (Math.floorMod(i, 20) == 0) {
                say("kill " + i + " of " + plan.kills());
            }
            for (var j = 0; j < all.size(); j++) {
                var side = all.get(Math.floorMod(i + j, all.size()));
                var took = side.getValue().children().recoverAll();
                if (i >= 0) {
                    report.kills(side.getKey()).add(took);
                }
                rest(REST);
            }
        }
    }

    private void bursts(int count, Map<String, Side> sides) {
        for (var i = 0; i < plan.bursts(); i++) {
            say(count + " killed at once, " + (i + 1) + " of " + plan.bursts());
            sides.forEach((name, side) -> {
                report.bursts(count, name).add(side.children().recoverAll());
                rest(SETTLE);
            });
        }
    }

    private void takeovers(int count, HamSide ham, HamSide.Nodes first) {
        var rounds = count == 1 ? plan.takeovers() : count == 1_000 ? plan.crowdedTakeovers() : 0;
        var nodes = first;
        for (var i = 1; i <= rounds; i++) {
            if (i % 10 == 1) {
                say(count + ": takeover " + i + " of " + rounds);
            }
            report.takeovers(count).add(ham.children().recoverOne(nodes.ham()));
            nodes = ham.awaitReady(nodes.ham());
            rest(SETTLE / 4);
        }
    }

    private static void rest(long nanos) {
        var until = System.nanoTime() + nanos;
        for (var left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void say(String what) {
        System.err.println("bench: " + what);
    }
}
