package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ham.itests.node.HamInstance.kill;
import static org.ham.itests.node.Stage.log;
import static org.ham.itests.node.Stage.on;
import static org.ham.itests.node.Stage.restart;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.ham.api.ActionFlag;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.HamException;
import org.ham.api.HeartbeatPage;
import org.ham.api.HeartbeatSpec;
import org.ham.api.Raise;
import org.ham.api.StartSpec;

/** One cell of the table: an entity of its own whose condition holds the one action, the event, and what came of it. */
final class Trial {
    /** Long enough for a beat to come before it on a busy machine. */
    private static final HeartbeatSpec LOW = HeartbeatSpec.of(Duration.ofMillis(100), 50, 0);

    private static final HeartbeatSpec HIGH = HeartbeatSpec.of(Duration.ofMillis(100), 0, 50);
    private static final HeartbeatSpec SOON = HeartbeatSpec.of(Duration.ofMillis(100), 0, 10);
    private static final HeartbeatSpec NEVER = HeartbeatSpec.of(Duration.ofHours(1), 2, 5);
    private static final long MARK_NANOS = 5_000_000_000L;

    private final Stage stage;
    private final ConditionType type;
    private final Trace trace;
    private final String expected;
    private final String name;
    private EntityHandle entity = EntityHandle.of("none");
    private long lastBeat = Long.MIN_VALUE;
    private Optional<Throwable> failure = Optional.empty();

    /**
     * A cell that nothing was done for.
     *
     * @param expected as the table has it
     */
    Trial(Stage stage, ConditionType type, String action, String expected, int number) {
        this.stage = stage;
        this.type = type;
        this.expected = expected;
        this.name = type.word() + "+" + action;
        this.trace = new Trace(stage, name, action, number);
    }

    String name() {
        return name.replace("+", " × ") + ": " + expected;
    }

    /** Makes the entity. */
    void attach() {
        guarded(() -> {
            var placeholder = type == ConditionType.ATTACH;
            var spec = new EntitySpec(
                    name,
                    placeholder ? Optional.empty() : Optional.of(StartSpec.of(Stage.SLEEP)),
                    OptionalLong.empty(),
                    Set.of(),
                    List.of(),
                    heartbeat());
            entity = placeholder ? stage.ham.attach(spec) : stage.running(spec);
            if (isOfAMiss()) {
                beat();
                // The time to its mark runs from here on.
                addConditions();
            }
        });
    }

    private boolean isOfAMiss() {
        return !expected.startsWith("refused")
                && heartbeat().filter(Set.of(LOW, HIGH)::contains).isPresent();
    }

    private Optional<HeartbeatSpec> heartbeat() {
        return switch (type) {
            case HEARTBEAT_MISSED_LOW -> Optional.of(LOW);
            case HEARTBEAT_MISSED_HIGH -> Optional.of(HIGH);
            case STATE, RAISE, ANY -> expected.equals("heals") ? Optional.of(SOON) : Optional.empty();
            case DEATH, ABNORMAL_DEATH, DETACH, ATTACH, RESTART ->
                expected.equals("nothing to heal") ? Optional.of(NEVER) : Optional.empty();
        };
    }

    /** Beats once in the entity's own page, and never again. */
    private void beat() {
        var file = new BeatPages(stage.instance).awaitFile(stage.pid(name));
        lastBeat = System.nanoTime();
        HeartbeatPage.open(file).beat();
    }

    /** Adds its conditions and brings the event about. */
    void bringAbout() {
        guarded(() -> {
            if (expected.startsWith("refused")) {
                return;
            }
            if (heartbeat().filter(SOON::equals).isPresent()) {
                stage.heard.await("heartbeat-missed-high", name);
            }
            if (!isOfAMiss()) {
                addConditions();
            }
            switch (type) {
                case DEATH, RESTART -> kill(stage.pid(name), "KILL");
                case ABNORMAL_DEATH -> kill(stage.pid(name), "ABRT");
                case DETACH -> stage.ham.detach(entity);
                case ATTACH ->
                    stage.ham.attach(EntitySpec.running(name, stage.sleeper().pid()));
                case HEARTBEAT_MISSED_LOW, HEARTBEAT_MISSED_HIGH -> {} // by not beating
                case STATE, ANY -> stage.ham.reportState(entity, 7);
                case RAISE -> stage.ham.raise(entity, new Raise(1, 2, 3));
            }
        });
    }

    private void addConditions() {
        if (type == ConditionType.RESTART) {
            add(on(ConditionType.DEATH, "died", Set.of(ConditionFlag.REARM), restart(ActionFlag.REARM)));
        }
        add(on(type, "cell", Set.of(), trace.action()));
        stage.ham.enable(add(on(type, "off", Set.of(), log("never"))), false, false);
        var other = type == ConditionType.RAISE ? ConditionType.STATE : ConditionType.RAISE;
        add(on(other, "quiet", Set.of(), log("never")));
    }

    private ConditionHandle add(ConditionSpec condition) {
        return stage.ham.addCondition(entity, condition);
    }

    private void guarded(Runnable step) {
        if (failure.isPresent()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | AssertionError e) {
            failure = Optional.of(e);
        }
    }

    /** Looks at what came of it. */
    void check() {
        assertThat(failure).isEmpty();
        if (expected.startsWith("refused")) {
            checkRefusal();
            return;
        }
        var happened = stage.heard.await(line(), name);
        if (lastBeat != Long.MIN_VALUE) {
            assertThat(happened.mono()).as("missed at its mark").isGreaterThanOrEqualTo(lastBeat + MARK_NANOS);
        }
        var started = stage.heard.await("action-started", name, happened.seq());
        trace.between();
        var done = stage.heard.await(
                "an end of the action of " + name,
                event -> event.type().matches("action-(done|failed)")
                        && event.entity().filter(name::equals).isPresent()
                        && event.condition().filter("cell"::equals).isPresent());
        assertThat(done.type()).as(done.toString()).isEqualTo("action-done");
        assertThat(done.outcome().orElse("")).startsWith("ok");
        assertThat(stage.heard.causes(done))
                .containsSubsequence(line(), "condition-true", "action-started", "action-done");
        trace.check(type);
        checkHealing(started.seq());
        assertThat(stage.heard.of(name, "condition-true")).doesNotContain("off", "quiet");
        if (expected.equals("heals")) {
            // It would be missed again for ever.
            stage.ham.detach(EntityHandle.of(name));
        }
    }

    private void checkRefusal() {
        var condition = add(on(type, "cell", Set.of()));
        var refusal = catchThrowableOfType(HamException.class, () -> stage.ham.addAction(condition, trace.action()));
        assertThat(refusal.code().errno()).isEqualTo(expected.substring("refused ".length()));
        assertThat(refusal)
                .hasMessage(name + "/cell/it: a restart action stands under death or abnormal-death only, not under "
                        + type.word());
        assertThat(stage.ham.find(name).orElseThrow().conditions().getFirst().actions())
                .isEmpty();
    }

    private void checkHealing(long after) {
        if (expected.equals("heals")) {
            var healed = stage.heard.await("heartbeat-healthy", name, after);
            // It is listened for again.
            stage.heard.await(
                    type == ConditionType.HEARTBEAT_MISSED_LOW ? "heartbeat-missed-low" : "heartbeat-missed-high",
                    name,
                    healed.seq());
        } else {
            assertThat(stage.heard.of(name, "heartbeat-healthy")).isEmpty();
        }
        if (expected.equals("another process")) {
            Awaitility.await(name + " in the tree")
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> stage.ham.find(name).orElseThrow().restarts() == 1);
            assertThat(stage.instance.processes(name)).containsExactly(stage.pid(name));
            assertThat(stage.pid(name))
                    .isNotEqualTo(stage.heard.await("death", name).pid().orElseThrow());
        }
    }

    private String line() {
        return switch (type) {
            case DETACH -> "detached";
            case ATTACH -> "attached";
            case RESTART -> "restarted";
            case ANY -> "state";
            default -> type.word();
        };
    }
}
