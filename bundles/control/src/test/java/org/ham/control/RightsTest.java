package org.ham.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.api.Raise;
import org.ham.spi.ServedHam;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What user 1000 may do: the entity {@code mine} is its own, {@code web} is user 33's, {@code db} is the HAM's. */
class RightsTest {
    private final MemoryHam memory = new MemoryHam();
    private final ServedHam ham = new GuardedHam(memory.open(new Actor("test", 1000, 50), Optional.empty()), 1000);

    private static final ProcessId ITSELF = new ProcessId(50, 1, 1, "boot");

    RightsTest() {
        memory.has(MemoryHam.view("mine", 1000, OptionalLong.of(50), OptionalLong.of(1)));
        memory.has(MemoryHam.view("web", 33, OptionalLong.of(60), OptionalLong.of(1)));
        memory.has(MemoryHam.view("db", -1, OptionalLong.of(70), OptionalLong.of(1)));
    }

    private static ConditionSpec condition(ActionSpec... actions) {
        return ConditionSpec.of("c", ConditionType.DEATH, Set.of()).with(List.of(actions));
    }

    private static ActionSpec action(String type) {
        return ActionSpec.of("a", type, Map.of());
    }

    private DynamicTest refused(String what, String reason, ThrowingCallable call) {
        return DynamicTest.dynamicTest(
                what,
                () -> assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                HamException.class, e -> assertThat(e.code()).isEqualTo(Code.DENIED))
                        .hasMessageContaining("user 1000 may not")
                        .hasMessageContaining(reason));
    }

    @TestFactory
    Stream<DynamicTest> isRefused() {
        var web = EntityHandle.of("web");
        return Stream.of(
                refused("attach a command", "attach entity 'x'", () -> ham.attach(EntitySpec.placeholder("x"))),
                refused("follow the journal", "follow the journal", () -> ham.subscribe(0, _ -> {}, _ -> {})),
                refused("suspend heartbeats", "suspend the heartbeats", () -> ham.heartbeats(false)),
                refused("set the verbosity", "verbosity", () -> ham.verbosity(3)),
                refused("stop", "stop the HAM", ham::stop),
                refused("detach another's", "entity 'web': it belongs to user 33", () -> ham.detach(web)),
                refused("look at another's", "look at entity 'web'", () -> ham.find("web")),
                refused(
                        "get a handle of another's",
                        "look at entity 'db': it belongs to the HAM",
                        () -> ham.entity("db")),
                refused(
                        "raise for another's",
                        "raise something for entity 'web'",
                        () -> ham.raise(web, new Raise(1, 2, 3))),
                refused("report for another's", "report a state of entity 'web'", () -> ham.reportState(web, 3)),
                refused(
                        "add a condition to another's",
                        "add a condition to entity 'web'",
                        () -> ham.addCondition(web, condition())),
                refused(
                        "add an action to another's",
                        "entity 'web'",
                        () -> ham.addAction(ConditionHandle.of("web", "c"), action("log"))),
                refused(
                        "add a fail item to another's",
                        "entity 'web'",
                        () -> ham.addFailItem(ActionHandle.of("web", "c", "a"), action("log"))),
                refused("remove of another's", "entity 'web'", () -> ham.remove(ConditionHandle.of("web", "c"))),
                refused(
                        "remove an action of another's",
                        "entity 'web'",
                        () -> ham.remove(ActionHandle.of("web", "c", "a"))),
                refused(
                        "remove a fail item of another's",
                        "entity 'web'",
                        () -> ham.removeFailItem(ActionHandle.of("web", "c", "a"), "f")),
                refused("switch another's", "switch entity 'web'", () -> ham.enable(web, false, true)),
                refused("flags of another's", "entity 'web'", () -> ham.flags(web)),
                refused(
                        "change flags of another's",
                        "entity 'web'",
                        () -> ham.changeFlags(web, FlagChange.SET, Set.of())),
                refused("the global entity", "entity '*'", () -> {
                    memory.has(MemoryHam.view("*", -1, OptionalLong.empty(), OptionalLong.empty()));
                    ham.addCondition(EntityHandle.GLOBAL, condition());
                }),
                refused(
                        "add execute",
                        "type execute, which would run as the HAM's user; it may add heartbeat-healthy, log,"
                                + " notify-pulse, waitfor",
                        () -> ham.addCondition(EntityHandle.of("mine"), condition(action("execute")))),
                refused(
                        "add restart",
                        "type restart",
                        () -> ham.addAction(ConditionHandle.of("mine", "c"), action("restart"))),
                refused(
                        "add a signal as a fail item",
                        "type notify-signal",
                        () -> ham.addAction(
                                ConditionHandle.of("mine", "c"),
                                new ActionSpec("a", "log", Map.of(), Set.of(), List.of(action("notify-signal"))))),
                refused(
                        "attach itself as another's",
                        "attach itself as entity 'web': it belongs to user 33",
                        () -> ham.attachSelf("web", Optional.empty(), Optional.empty(), Set.of())));
    }

    @Test
    void itsOwnEntitiesAreItsOwn() {
        var mine = EntityHandle.of("mine");
        ham.addCondition(mine, condition(action("log"), ActionSpec.of("b", "notify-pulse", Map.of())));
        ham.addAction(ConditionHandle.of("mine", "c"), action("waitfor"));
        ham.reportState(mine, 3);
        ham.raise(mine, new Raise(1, 2, 3));
        ham.enable(mine, false, true);
        ham.detach(mine);
        assertThat(ham.find("mine")).isPresent();
        assertThat(ham.find("none")).isEmpty();
        assertThat(ham.tree().entities()).extracting("name").containsExactly("mine");
        assertThat(memory.calls).hasSize(6);
    }

    @Test
    void aHandleMeansTheObjectThatWasChecked() {
        ham.reportState(EntityHandle.of("mine"), 3);
        assertThat(memory.calls).containsExactly("reportState [" + new EntityHandle("mine", 7) + ", 3]");
    }

    @Test
    void itMayAttachItselfAsSomethingNewOrItsOwnOrAsWhatHamStarted() {
        ham.attachSelf("new", Optional.empty(), Optional.empty(), Set.of());
        ham.attachSelf("mine", Optional.empty(), Optional.empty(), Set.of());
        ham.attachSelf("db", Optional.of(ITSELF), Optional.empty(), Set.of());
        assertThat(memory.attached).containsExactlyInAnyOrder("new", "mine", "db");
    }

    @Test
    void everyActionThatIsAllowedIsNamed() {
        assertThat(Rights.HARMLESS).containsExactlyInAnyOrder("log", "waitfor", "notify-pulse", "heartbeat-healthy");
    }

    @Test
    void whatHamStartedIsFoundAmongTheParentsAndNowhereElse() {
        // 50 was started by 40, a shell that HAM started; 41 is what runs under the pid of somebody else's entity.
        var parents = Map.of(50L, 40L, 40L, 1L, 41L, 40L);
        var ancestry = new Ancestry(
                pid -> parents.getOrDefault(pid, 0L), pid -> Optional.of(new ProcessId(pid, 5, 0, "boot")));
        var caller = new ProcessId(50, 9, 0, "boot");
        assertThat(ancestry.within(entity(40, 5), caller)).contains(new ProcessId(40, 5, 0, "boot"));
        assertThat(ancestry.within(entity(50, 9), caller)).contains(caller);
        assertThat(ancestry.within(entity(40, 6), caller)).as("a reused pid").isEmpty();
        assertThat(ancestry.within(entity(50, 8), caller)).as("a reused pid").isEmpty();
        assertThat(ancestry.within(entity(41, 5), caller)).as("a brother").isEmpty();
        assertThat(ancestry.within(entity(1, 5), caller))
                .as("everybody's parent")
                .isEmpty();
        assertThat(Ancestry.parent(ProcessHandle.current().pid()))
                .isEqualTo(ProcessHandle.current().parent().orElseThrow().pid());
        assertThat(Ancestry.parent(Integer.MAX_VALUE)).isZero();
    }

    private static org.ham.api.EntityView entity(long pid, long start) {
        return MemoryHam.view("e", -1, OptionalLong.of(pid), OptionalLong.of(start));
    }
}
