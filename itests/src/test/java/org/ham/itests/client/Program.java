package org.ham.itests.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.PulseChannel;
import org.ham.api.Raise;
import org.ham.api.RaiseMatch;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;

/**
 * Attaches itself, and then does what its first argument says until a line comes on standard input. What it saw it says on
 * standard output, one {@code name value} a line.
 */
public final class Program {
    private final Ham ham = HamClient.connect(ClientSettings.usual().named("program"));
    private final String name;
    private final AtomicLong slowest = new AtomicLong();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    private Program(String name) {
        this.name = name;
    }

    /**
     * Runs {@code busy NAME}, {@code steady NAME}, {@code idle NAME}, {@code rights NAME OTHER}, {@code declares NAME}, {@code
     * leaves NAME}, {@code traces NAME}, {@code beats NAME PERIOD LOW HIGH} or {@code follow COUNT}.
     */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("follow")) {
            Followers.run(Integer.parseInt(args[1]));
            return;
        }
        var program = new Program(args[1]);
        switch (args[0]) {
            case "busy" -> program.busy();
            case "steady" -> program.steady();
            case "idle" -> program.idle();
            case "rights" -> program.rights(args[2]);
            case "declares" -> program.declares();
            case "leaves" -> program.leaves();
            case "traces" -> Tracer.run();
            case "beats" -> SelfBeating.run(program.ham, args[1], args[2], args[3], args[4]);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void say(String what, Object value) {
        System.out.println(what + " " + value);
        System.out.flush();
    }

    private static void awaitLine() throws IOException {
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    }

    /** Is attached and beats, and does nothing else. */
    private void idle() throws IOException {
        var attachment = ham.attachSelf(name, Optional.empty(), Set.of());
        say("ready", ProcessHandle.current().pid());
        awaitLine();
        attachment.detach();
        ham.close();
        say("detached", name);
    }

    /** Says what is to be done when it dies, each time it is started, and then lives until it is killed. */
    private void declares() throws InterruptedException {
        var mine = ham.attachSelf(name, Optional.empty(), Set.of()).entity();
        var own = ProcessHandle.current().info();
        var command = new ArrayList<String>(List.of(own.command().orElseThrow()));
        command.addAll(List.of(own.arguments().orElseThrow()));
        attempt(
                "condition",
                () -> ham.addCondition(
                        mine, ConditionSpec.of("died", ConditionType.DEATH, Set.of(ConditionFlag.REARM))));
        attempt(
                "action",
                () -> ham.addAction(
                        ham.condition(name, "died"),
                        new ActionSpec(
                                "restart",
                                "restart",
                                Map.of("command", command),
                                Set.of(ActionFlag.REARM),
                                List.of())));
        say("ready", ProcessHandle.current().pid());
        new CountDownLatch(1).await();
    }

    /** Closes its connection without detaching, and lives on. */
    private void leaves() throws IOException {
        var _ = ham.attachSelf(name, Optional.empty(), Set.of());
        say("ready", ProcessHandle.current().pid());
        ham.close();
        say("closed", name);
        awaitLine();
    }

    /** Raises one thing after the other, follows the journal, and counts the pulses that come of it. */
    private void busy() throws Exception {
        var attachment = ham.attachSelf(name, Optional.empty(), Set.of());
        var pulses = new ConcurrentSkipListSet<Integer>();
        var again = Collections.synchronizedList(new ArrayList<Long>());
        var channel = ham.openChannel(pulse -> {
            if (!pulses.add(severity(pulse.event().data()))) {
                again.add(pulse.event().seq());
            }
        });
        var board = ham.attach(EntitySpec.placeholder(name + "-board"));
        var raised = ham.addCondition(
                board, ConditionSpec.onRaise("raised", RaiseMatch.ANY, Set.of(ConditionFlag.INDEPENDENT)));
        ham.addAction(raised, tellOn(channel));
        var last = new long[1];
        var gaps = new AtomicInteger();
        var ended = new AtomicBoolean();
        var subscription = ham.subscribe(
                0,
                event -> {
                    if (event.seq() != last[0] + 1) {
                        gaps.incrementAndGet();
                    }
                    last[0] = event.seq();
                },
                why -> {
                    ended.set(true);
                    failures.add("subscription: " + why.getMessage());
                });
        say("ready", ProcessHandle.current().pid());
        var stop = new CountDownLatch(1);
        var count = new AtomicInteger();
        var worker = Thread.ofPlatform().start(() -> raise(board, stop, count));
        awaitLine();
        stop.countDown();
        worker.join();
        var end = ham.tree().seq();
        await(() -> subscription.seq() >= end || ended.get());
        await(() -> pulses.size() >= count.get() || !failures.isEmpty());
        say("calls", count.get());
        say("gaps", gaps.get());
        say("pulses", pulses.size());
        List.copyOf(again).forEach(seq -> say("again", seq));
        failures.forEach(failure -> say("failure", failure));
        attachment.detach();
        ham.detach(board);
        ham.close();
        await(() -> threads() == 0);
        say("threads", threads());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ham-"))
                .count();
    }

    /** Does what any user may: raises things of itself one after the other, and counts the pulses that come of it. */
    private void steady() throws Exception {
        var attachment = ham.attachSelf(name, Optional.empty(), Set.of());
        var pulses = new ConcurrentSkipListSet<Integer>();
        var channel = ham.openChannel(pulse -> pulses.add(severity(pulse.event().data())));
        var raised = ham.addCondition(
                attachment.entity(),
                ConditionSpec.onRaise("raised", RaiseMatch.ANY, Set.of(ConditionFlag.INDEPENDENT)));
        ham.addAction(raised, tellOn(channel));
        say("ready", ProcessHandle.current().pid());
        var stop = new CountDownLatch(1);
        var count = new AtomicInteger();
        var worker = Thread.ofPlatform().start(() -> raise(attachment.entity(), stop, count));
        awaitLine();
        stop.countDown();
        worker.join();
        await(() -> pulses.size() >= count.get() || !failures.isEmpty());
        say("calls", count.get());
        say("pulses", pulses.size());
        say("slowest-ms", slowest.get() / 1_000_000);
        failures.forEach(failure -> say("failure", failure));
        attachment.detach();
        ham.close();
    }

    private static ActionSpec tellOn(PulseChannel channel) {
        return new ActionSpec(
                "tell",
                "notify-pulse",
                Map.of("pid", ProcessHandle.current().pid(), "channel", (long) channel.number()),
                Set.of(ActionFlag.KEEP_ON_FAIL),
                List.of());
    }

    private static void await(java.util.function.BooleanSupplier what) {
        for (var i = 0; i < 3_000 && !what.getAsBoolean(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private static int severity(Map<String, Object> data) {
        return data.get("severity") instanceof Number number ? number.intValue() : -1;
    }

    private void raise(EntityHandle board, CountDownLatch stop, AtomicInteger count) {
        try {
            while (!stop.await(5, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                var from = System.nanoTime();
                ham.raise(board, new Raise(1, 2, count.get()));
                slowest.accumulateAndGet(System.nanoTime() - from, Math::max);
                count.incrementAndGet();
            }
        } catch (HamException e) {
            failures.add("call " + count.get() + ": " + e.code() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries what another user may do and what not. */
    private void rights(String other) throws IOException {
        var attachment = ham.attachSelf(name, Optional.empty(), Set.of());
        var mine = attachment.entity();
        attempt(
                "own-condition",
                () -> ham.addCondition(
                        mine,
                        ConditionSpec.onRaise("c", RaiseMatch.ANY, Set.of())
                                .with(List.of(ActionSpec.of("a", "log", Map.of("message", "mine"))))));
        attempt("own-state", () -> ham.reportState(mine, 3));
        attempt(
                "own-execute",
                () -> ham.addCondition(
                        mine,
                        ConditionSpec.onRaise("d", RaiseMatch.ANY, Set.of())
                                .with(List.of(ActionSpec.of("a", "execute", Map.of("command", "/bin/true"))))));
        attempt("other-state", () -> ham.reportState(EntityHandle.of(other), 3));
        attempt("other-attach", () -> ham.attachSelf(other, Optional.empty(), Set.of()));
        attempt("start", () -> ham.attach(EntitySpec.placeholder("new")));
        attempt("stop", ham::stop);
        attempt("follow", () -> ham.subscribe(0, _ -> {}, _ -> {}));
        say("tree", ham.tree().entities().size());
        say("ready", ProcessHandle.current().pid());
        awaitLine();
        attachment.detach();
        ham.close();
    }

    private static void attempt(String what, Runnable call) {
        try {
            call.run();
            say(what, "ok");
        } catch (HamException e) {
            say(what, e.code());
        }
    }
}
