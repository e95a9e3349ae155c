import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Ham;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.client.HamClient;

/**
 * Is notified of what happens to an entity that need not exist yet, and prints it, until its standard input ends. Runs from
 * its source: java -cp 'HAM/bundles/*' Monitor.java ENTITY, with HAM_RUN_DIR set.
 */
public final class Monitor {
    private static final Set<ConditionFlag> STAYS = Set.of(ConditionFlag.REARM);

    public static void main(String[] words) throws Exception {
        // The connection comes back by itself after a takeover, and so does the channel.
        try (Ham ham = HamClient.connect();
                PulseChannel channel = ham.openChannel(Monitor::show)) {
            EntityHandle entity = ham.attach(EntitySpec.placeholder(words[0]));
            ActionSpec attached = pulse(channel, 4);
            watch(ham, entity, "told-attach", ConditionType.ATTACH, STAYS, List.of(attached));
            watch(ham, entity, "told-death", ConditionType.DEATH, STAYS, List.of(pulse(channel, 1)));
            watch(ham, entity, "told-restart", ConditionType.RESTART, STAYS, List.of(pulse(channel, 2)));
            watch(ham, entity, "told-detach", ConditionType.DETACH, STAYS, List.of(pulse(channel, 3)));
            // In a lane of its own: its delay holds up nothing else.
            ActionSpec pause = new ActionSpec(
                    "pause", "waitfor", Map.of("delay", "5s"), Set.of(ActionFlag.REARM), List.of());
            watch(
                    ham,
                    entity,
                    "told-late",
                    ConditionType.DEATH,
                    Set.of(ConditionFlag.REARM, ConditionFlag.INDEPENDENT),
                    List.of(pause, pulse(channel, 5)));
            System.out.println("listening");
            while (System.in.read() >= 0) {
                // Pulses come on a thread of the connection.
            }
        }
    }

    private static void watch(
            Ham ham,
            EntityHandle entity,
            String name,
            ConditionType type,
            Set<ConditionFlag> flags,
            List<ActionSpec> actions) {
        var condition = ham.addCondition(entity, ConditionSpec.of(name, type, flags));
        actions.forEach(action -> ham.addAction(condition, action));
    }

    private static ActionSpec pulse(PulseChannel channel, int code) {
        return new ActionSpec(
                "tell",
                "notify-pulse",
                Map.of("pid", ProcessHandle.current().pid(), "channel", channel.number(), "code", code, "value", 100),
                Set.of(ActionFlag.REARM, ActionFlag.KEEP_ON_FAIL),
                List.of());
    }

    /** Unlike the original's, a pulse brings its event along. */
    private static void show(Pulse pulse) {
        var event = pulse.event();
        System.out.println("code " + pulse.code() + " value " + pulse.value() + ": " + event.type() + " of "
                + event.entity().orElse("?") + event.reason().map(why -> ", " + why).orElse(""));
    }
}
