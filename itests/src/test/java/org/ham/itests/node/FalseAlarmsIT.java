package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.Stage.action;
import static org.ham.itests.node.Stage.on;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Event;
import org.ham.api.HamPath;
import org.ham.api.HeartbeatPage;
import org.ham.api.HeartbeatSpec;
import org.ham.api.StartSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nobody is accused who beat as well as he could. Many entities beat while the HAM or one of them is kept from its work in turn, in each of the ways
 * that this machine allows ({@link Stall}). {@code -Dham.false-alarms=1000} makes the long campaign, {@code
 * -Dham.false-alarms.entities=500} with more entities, {@code -Dham.false-alarms.clock=true} also sets the machine's clock.
 */
class FalseAlarmsIT {
    private static final int PERIOD_MS = 40;
    private static final int LOW = 6;
    private static final int HIGH = 10;
    private static final long PERIOD_NANOS = PERIOD_MS * 1_000_000L;
    private static final long STALL_NANOS = (HIGH + 2) * PERIOD_NANOS;

    /** After this time without a beat an alarm is no false one. The rest is for what was measured to be a little later. */
    private static final long HELD_UP_NANOS = (LOW - 1) * PERIOD_NANOS;

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void nobodyIsAccusedFalsely() {
        var runs = Integer.getInteger("ham.false-alarms", 14);
        var entities = Integer.getInteger("ham.false-alarms.entities", 50);
        ham.settings("guardian: {hang-after: 60s}\n").start();
        ham.awaitMirrored();
        var looks = new BeatPages(ham);
        try (var stage = new Stage(ham)) {
            healWhoeverIsMissed(stage);
            var program = programs.start(ham, List.of(), "beats", "program", "" + PERIOD_MS, "" + LOW, "" + HIGH);
            program.await("ready");
            looks.awaitBeats(program.pid(), PERIOD_NANOS);
            var tracer = programs.start(ham, List.of(), "traces", "tracer");
            tracer.await("ready");
            try (var pace = new Pacemaker(pages(stage, looks, entities), looks, program.pid())) {
                campaign(
                        new Stall.Scene(stage, pace, program.pid(), tracer, ham.conf, PERIOD_NANOS, STALL_NANOS),
                        runs,
                        entities + 1);
                // It was awake all the time: whoever really falls silent is found.
                var before = stage.ham.tree().seq();
                pace.pause(true);
                for (var entity : List.of("entity-0", "entity-" + (entities - 1))) {
                    stage.heard.await("heartbeat-missed-low", entity, before);
                }
            }
            program.finish();
            tracer.finish();
        }
    }

    /** So that each alarm can be seen again. */
    private static void healWhoeverIsMissed(Stage stage) {
        for (var type : List.of(ConditionType.HEARTBEAT_MISSED_LOW, ConditionType.HEARTBEAT_MISSED_HIGH)) {
            stage.ham.addCondition(
                    EntityHandle.of(HamPath.GLOBAL),
                    on(type, type.word(), Set.of(ConditionFlag.REARM), action("heal", "heartbeat-healthy", Map.of())));
        }
    }

    private static List<HeartbeatPage> pages(Stage stage, BeatPages looks, int entities) {
        var pages = new ArrayList<HeartbeatPage>();
        for (var number = 0; number < entities; number++) {
            var name = "entity-" + number;
            stage.running(new EntitySpec(
                    name,
                    Optional.of(StartSpec.of(Stage.SLEEP)),
                    OptionalLong.empty(),
                    Set.of(),
                    List.of(),
                    Optional.of(HeartbeatSpec.of(Duration.ofMillis(PERIOD_MS), LOW, HIGH))));
            pages.add(HeartbeatPage.open(looks.awaitFile(stage.pid(name))));
        }
        return pages;
    }

    private static void campaign(Stall.Scene scene, int runs, int entities) {
        var possible = Stream.of(Stall.values())
                .filter(stall -> stall.isPossible(scene))
                .toList();
        var counts = new TreeMap<Stall, Integer>();
        var begun = System.nanoTime();
        var heldUp = 0;
        var alarms = new ArrayList<String>();
        try {
            // What was missed while they were made is no alarm.
            Stall.pass(STALL_NANOS);
            for (var run = 0; run < runs; run++) {
                var stall = possible.get(run % possible.size());
                counts.merge(stall, 1, Integer::sum);
                scene.pace().longest();
                var before = scene.stage().ham.tree().seq();
                stall.happen(scene);
                // One full period without a gap, and then whoever is to be accused is.
                Stall.pass(3 * PERIOD_NANOS);
                var found = alarms(scene.stage(), before);
                scene.pace().awaitRound();
                if (scene.pace().longest() > HELD_UP_NANOS) {
                    heldUp++;
                } else {
                    found.forEach(event -> alarms.add(stall + ": " + event));
                }
            }
        } finally {
            possible.forEach(stall -> stall.end(scene));
        }
        System.out.printf(
                "false alarms: %d in %d runs %s with %d entities beating every %d ms, marks %d and %d; %d more runs in which"
                        + " they did not beat, for the machine was busy; %d s%n",
                alarms.size(),
                runs - heldUp,
                counts,
                entities,
                PERIOD_MS,
                LOW,
                HIGH,
                heldUp,
                (System.nanoTime() - begun) / 1_000_000_000);
        assertThat(alarms).isEmpty();
    }

    private static List<Event> alarms(Stage stage, long after) {
        return stage.heard.until(stage.ham.tree().seq()).stream()
                .filter(event -> event.seq() > after && event.type().startsWith("heartbeat-missed"))
                .toList();
    }
}
