package org.ham.wire;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.FlagChange;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.NodeRights;
import org.ham.api.Pulse;
import org.ham.api.Raise;

/** What goes along with the methods of the protocol, and what comes back. Each method has the name its comment says. */
public final class Calls {
    /** The version of the protocol that both ends speak. */
    public static final int VERSION = 1;

    /** The name of the parameter by which a repeat of a request is known. */
    public static final String REQUEST = "request";

    /** The longest id of a request, in characters. */
    public static final int LONGEST_REQUEST = 64;

    private Calls() {}

    /** Nothing. */
    public record Nothing() {}

    /** {@code hello}: who comes. */
    public record Hello(int protocol, String name) {}

    /**
     * What {@code hello} brings.
     *
     * @param protocol the version that is spoken
     * @param pid the process of the HAM
     * @param epoch one more at each takeover
     * @param uid the user that the kernel says is asking
     * @param process the process that the kernel says is asking
     * @param all whether it may do everything
     */
    public record Welcome(int protocol, long pid, long epoch, long uid, long process, boolean all) {}

    /** {@code attach}. */
    public record Attach(EntitySpec entity) {}

    /** {@code attachSelf}. */
    public record AttachSelf(String name, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {}

    /**
     * What {@code attachSelf} brings.
     *
     * @param entity what it is now
     * @param page the file of the page to beat into, when it beats
     */
    public record Attached(EntityHandle entity, Optional<String> page) {}

    /** {@code detach}, {@code detachSelf}. */
    public record Entity(EntityHandle entity) {}

    /** {@code entity}, {@code condition}, {@code action}: what has a handle. */
    public record Named(String entity, Optional<String> condition, Optional<String> action) {}

    /** {@code addCondition}. */
    public record AddCondition(EntityHandle entity, ConditionSpec condition) {}

    /** {@code addAction}. */
    public record AddAction(ConditionHandle condition, ActionSpec action) {}

    /** {@code addFailItem}. */
    public record AddFailItem(ActionHandle action, ActionSpec item) {}

    /** {@code remove}. */
    public record Remove(Handle target) {}

    /** {@code removeFailItem}. */
    public record RemoveFailItem(ActionHandle action, String item) {}

    /** {@code enable}. */
    public record Enable(Handle target, boolean enabled, boolean recurse) {}

    /** {@code flags}. */
    public record Target(Handle target) {}

    /** What {@code flags} brings: words. */
    public record FlagWords(List<String> flags) {}

    /** {@code changeFlags}: the words that the target's kind has. */
    public record ChangeFlags(Handle target, FlagChange change, Set<String> flags) {}

    /** {@code reportState}. */
    public record ReportState(EntityHandle entity, int state) {}

    /** {@code raise}. */
    public record RaiseFor(EntityHandle entity, Raise what) {}

    /** {@code heartbeats}: asks, or sets when {@code active} is there. */
    public record Heartbeats(Optional<Boolean> active) {}

    /** What {@code heartbeats} brings: whether they count, or counted before. */
    public record Counting(boolean active) {}

    /** {@code verbosity}: asks, or sets when {@code level} is there. */
    public record Verbosity(OptionalLong level) {}

    /** What {@code verbosity} brings. */
    public record Level(int level) {}

    /** {@code find}. */
    public record Find(String name) {}

    /** What {@code find} brings: nothing when there is none. */
    public record Found(Optional<EntityView> entity) {}

    /**
     * {@code subscribe}.
     *
     * @param subscription a number of the caller's, its own for each
     * @param after the last line known already; all that are kept after it come
     * @param window how many lines may be under way; more come when {@code taken} says so. Without it they come as fast as they
     *     are read
     */
    public record Subscribe(long subscription, long after, OptionalLong window) {}

    /** What {@code subscribe} brings: the line after which it begins. */
    public record Subscribed(long after) {}

    /** {@code taken}, a notice to the HAM: all lines up to this one are done with. */
    public record Taken(long subscription, long seq) {}

    /** {@code unsubscribe}. */
    public record Unsubscribe(long subscription) {}

    /** {@code event}, a notice of the HAM. */
    public record Told(long subscription, Event event) {}

    /** {@code ended}, a notice of the HAM: a subscription cannot go on. */
    public record Ended(long subscription, String errno, String message) {}

    /** {@code bye}, a notice of the HAM: why it closes the connection. */
    public record Bye(String errno, String message) {}

    /** {@code openChannel}: any free number, or one that was open before. */
    public record OpenChannel(OptionalLong number) {}

    /** What {@code openChannel} brings; and {@code closeChannel}. */
    public record Channel(int number) {}

    /** {@code pulse}, a request of the HAM, which waits for the reply. */
    public record Send(int channel, Pulse pulse) {}

    /** {@code pulse}, a request to the HAM: to a channel of a process it serves. */
    public record SendPulse(long pid, int channel, Pulse pulse) {}

    /** {@code signal}: to a process. */
    public record SendSignal(long pid, String signal, Optional<Integer> value, boolean group) {}

    /** {@code command}: what would be typed after {@code ham}. */
    public record Command(List<String> words) {}

    /** What {@code command} brings. */
    public record Printed(String out, String err, int exit) {}

    /** {@code behalf}, a notice of the HAM to itself: which node is at the far end of the connection. */
    public record Behalf(String node, NodeRights rights) {}
}
