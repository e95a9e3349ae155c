package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.FlagChange;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Raise;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.ham.api.StateMatch;
import org.ham.client.HamClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every function of the original says to bad input: the code that stands for its error number, and a sentence. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private static final String LONG = "n".repeat(257);

    @RegisterExtension
    static final HamInstance HAM = HamInstance.shared();

    private final List<DynamicTest> table = new ArrayList<>();
    private Ham ham;
    private EntityHandle web;
    private ConditionHandle died;
    private ActionHandle tell;

    @BeforeAll
    void start() {
        HAM.start();
        ham = HamClient.connect(HAM.runDir);
        web = ham.attach(EntitySpec.started("web", StartSpec.of(Stage.SLEEP)));
        died = ham.addCondition(web, ConditionSpec.of("died", ConditionType.DEATH, Set.of(ConditionFlag.NO_WAIT)));
        tell = ham.addAction(died, log("tell"));
    }

    @AfterAll
    void end() {
        ham.close();
    }

    private static ActionSpec log(String name) {
        return ActionSpec.of(name, "log", Map.of("message", "hello"));
    }

    private static ConditionSpec death(String name) {
        return ConditionSpec.of(name, ConditionType.DEATH, Set.of());
    }

    private void refused(String function, String input, Code code, Runnable call) {
        table.add(DynamicTest.dynamicTest(function + ": " + input + ": " + code.errno(), () -> {
            var before = ham.tree().entities();
            var refusal = catchThrowableOfType(HamException.class, call::run);
            assertThat(refusal).as(input).isNotNull();
            assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
            assertThat(refusal.getMessage()).hasSizeGreaterThan(20).contains(" ");
            assertThat(ham.tree().entities()).isEqualTo(before);
        }));
    }

    @TestFactory
    List<DynamicTest> eachFunctionSaysWhatIsWrong() {
        entities();
        handles();
        conditions();
        actions();
        failItems();
        controls();
        signs();
        return table;
    }

    private void entities() {
        var start = StartSpec.of(Stage.SLEEP);
        refused("ham_attach", "a live name", Code.EXISTS, () -> ham.attach(EntitySpec.started("web", start)));
        refused("ham_attach", "a name with a slash", Code.INVALID, () -> ham.attach(EntitySpec.started("a/b", start)));
        refused("ham_attach", "no name", Code.INVALID, () -> ham.attach(EntitySpec.started("", start)));
        refused("ham_attach", "a long name", Code.NAME_TOO_LONG, () -> ham.attach(EntitySpec.started(LONG, start)));
        refused(
                "ham_attach",
                "no command",
                Code.INVALID,
                () -> ham.attach(EntitySpec.started("x", StartSpec.of(List.of()))));
        refused(
                "ham_attach",
                "a command that does not exist",
                Code.NOT_FOUND,
                () -> ham.attach(EntitySpec.started("x", StartSpec.of(List.of("/no/such/command")))));
        refused("ham_attach", "a pid of nobody", Code.NOT_FOUND, () -> ham.attach(EntitySpec.running("x", 4_194_303)));
        refused("ham_attach", "a pid below 1", Code.INVALID, () -> ham.attach(EntitySpec.running("x", 0)));
        refused("ham_entity", "a taken name", Code.EXISTS, () -> ham.attach(EntitySpec.placeholder("web")));
        refused("ham_entity", "the global entity", Code.EXISTS, () -> ham.attach(EntitySpec.placeholder("*")));
        refused("ham_attach_self", "a live name", Code.EXISTS, () -> ham.attachSelf("web", Optional.empty(), Set.of()));
        refused(
                "ham_attach_self",
                "a long name",
                Code.NAME_TOO_LONG,
                () -> ham.attachSelf(LONG, Optional.empty(), Set.of()));
        refused("ham_attach_self", "a slash", Code.INVALID, () -> ham.attachSelf("a/b", Optional.empty(), Set.of()));
        refused("ham_detach", "nobody", Code.NOT_FOUND, () -> ham.detach(EntityHandle.of("nobody")));
        refused("ham_detach", "the global entity", Code.INVALID, () -> ham.detach(EntityHandle.of("*")));
        refused(
                "ham_detach",
                "a stale handle",
                Code.NOT_FOUND,
                () -> ham.detach(new EntityHandle("web", web.id() + 1000)));
    }

    private void handles() {
        refused("ham_entity_handle", "nobody", Code.NOT_FOUND, () -> ham.entity("nobody"));
        refused("ham_entity_handle", "a long name", Code.NAME_TOO_LONG, () -> ham.entity(LONG));
        refused("ham_condition_handle", "no such condition", Code.NOT_FOUND, () -> ham.condition("web", "lived"));
        refused("ham_condition_handle", "a slash", Code.INVALID, () -> ham.condition("web", "a/b"));
        refused("ham_action_handle", "no such action", Code.NOT_FOUND, () -> ham.action("web", "died", "shout"));
        refused("ham_action_handle", "a long name", Code.NAME_TOO_LONG, () -> ham.action("web", "died", LONG));
    }

    private void conditions() {
        refused(
                "ham_condition",
                "a kept name with another definition",
                Code.EXISTS,
                () -> ham.addCondition(web, ConditionSpec.of("died", ConditionType.ATTACH, Set.of())));
        refused(
                "ham_condition",
                "no such entity",
                Code.NOT_FOUND,
                () -> ham.addCondition(EntityHandle.of("nobody"), death("c")));
        refused("ham_condition", "a slash", Code.INVALID, () -> ham.addCondition(web, death("a/b")));
        refused("ham_condition", "a long name", Code.NAME_TOO_LONG, () -> ham.addCondition(web, death(LONG)));
        refused(
                "ham_condition_state",
                "no such entity",
                Code.NOT_FOUND,
                () -> ham.addCondition(
                        EntityHandle.of("nobody"), ConditionSpec.onState("s", StateMatch.ANY, Set.of())));
        refused(
                "ham_condition_raise",
                "a taken name",
                Code.EXISTS,
                () -> ham.addCondition(web, ConditionSpec.onRaise("died", RaiseMatch.ANY, Set.of())));
        refused(
                "ham_condition_remove",
                "no such condition",
                Code.NOT_FOUND,
                () -> ham.remove(ConditionHandle.of("web", "lived")));
    }

    private void actions() {
        refused(
                "ham_action_log",
                "a taken name",
                Code.EXISTS,
                () -> ham.addAction(died, ActionSpec.of("tell", "log", Map.of("message", "another"))));
        refused(
                "ham_action_log",
                "no message",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "log", Map.of())));
        refused("ham_action_log", "a long name", Code.NAME_TOO_LONG, () -> ham.addAction(died, log(LONG)));
        refused(
                "ham_action_log",
                "no such condition",
                Code.NOT_FOUND,
                () -> ham.addAction(ConditionHandle.of("web", "lived"), log("a")));
        refused(
                "ham_action_restart",
                "an unknown parameter",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "restart", Map.of("colour", "red"))));
        refused(
                "ham_action_execute",
                "no command",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "execute", Map.of())));
        refused(
                "ham_action_waitfor",
                "a NOWAIT condition",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "waitfor", Map.of("delay", "1s"))));
        refused(
                "ham_action_waitfor",
                "no delay",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "waitfor", Map.of("path", "/x"))));
        refused(
                "ham_action_notify_pulse",
                "channel 0",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "notify-pulse", Map.of("channel", 0))));
        refused(
                "ham_action_notify_signal",
                "no such signal",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "notify-signal", Map.of("signal", "SIGNONE"))));
        refused(
                "ham_action_notify_signal_node",
                "a node without a pid",
                Code.INVALID,
                () -> ham.addAction(
                        died, ActionSpec.of("a", "notify-signal", Map.of("signal", "SIGTERM", "node", "beta"))));
        refused(
                "ham_action_heartbeat_healthy",
                "an unknown parameter",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "heartbeat-healthy", Map.of("colour", "red"))));
        refused(
                "an action",
                "an unknown type",
                Code.INVALID,
                () -> ham.addAction(died, ActionSpec.of("a", "dance", Map.of())));
        refused(
                "ham_action_remove",
                "no such action",
                Code.NOT_FOUND,
                () -> ham.remove(ActionHandle.of("web", "died", "shout")));
    }

    private void failItems() {
        refused(
                "ham_action_fail_execute",
                "no such action",
                Code.NOT_FOUND,
                () -> ham.addFailItem(
                        ActionHandle.of("web", "died", "shout"),
                        ActionSpec.of("f", "execute", Map.of("command", List.of("true")))));
        refused(
                "ham_action_fail_waitfor",
                "no delay",
                Code.INVALID,
                () -> ham.addFailItem(tell, ActionSpec.of("f", "waitfor", Map.of())));
        refused(
                "ham_action_fail_notify_pulse",
                "channel 0",
                Code.INVALID,
                () -> ham.addFailItem(tell, ActionSpec.of("f", "notify-pulse", Map.of("channel", 0))));
        refused(
                "ham_action_fail_notify_signal",
                "no signal",
                Code.INVALID,
                () -> ham.addFailItem(tell, ActionSpec.of("f", "notify-signal", Map.of())));
        refused(
                "ham_action_fail_log",
                "no message",
                Code.INVALID,
                () -> ham.addFailItem(tell, ActionSpec.of("f", "log", Map.of())));
        refused(
                "a fail item",
                "a restart",
                Code.INVALID,
                () -> ham.addFailItem(tell, ActionSpec.of("f", "restart", Map.of())));
        refused("ham_action_fail_remove", "no such item", Code.NOT_FOUND, () -> ham.removeFailItem(tell, "none"));
    }

    private void controls() {
        refused(
                "ham_entity_control",
                "nobody",
                Code.NOT_FOUND,
                () -> ham.enable(EntityHandle.of("nobody"), false, false));
        refused(
                "ham_entity_control",
                "flags of nobody",
                Code.NOT_FOUND,
                () -> ham.changeFlags(EntityHandle.of("nobody"), FlagChange.ADD, Set.of(EntityFlag.KEEP_ON_DEATH)));
        refused(
                "ham_condition_control",
                "no such condition",
                Code.NOT_FOUND,
                () -> ham.flags(ConditionHandle.of("web", "lived")));
        refused(
                "ham_action_control",
                "no such action",
                Code.NOT_FOUND,
                () -> ham.flags(ActionHandle.of("web", "died", "shout")));
        refused(
                "ham_action_control",
                "do-now",
                Code.INVALID,
                () -> ham.changeFlags(tell, FlagChange.ADD, Set.of(ActionFlag.DO_NOW)));
        refused("ham_verbose", "a level below 0", Code.INVALID, () -> ham.verbosity(-1));
    }

    private void signs() {
        refused(
                "ham_entity_condition_state",
                "nobody",
                Code.NOT_FOUND,
                () -> ham.reportState(EntityHandle.of("nobody"), 1));
        refused(
                "ham_entity_condition_raise",
                "nobody",
                Code.NOT_FOUND,
                () -> ham.raise(EntityHandle.of("nobody"), new Raise(1, 2, 3)));
    }
}
