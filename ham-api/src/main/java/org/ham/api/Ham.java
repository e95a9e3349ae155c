package org.ham.api;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A connection to the HAM ({@code ham_connect}): the same in the framework, where it is a service, and from another process.
 * It outlives takeovers: calls wait for the HAM that comes. Closing it is {@code ham_disconnect}.
 *
 * <p>Thread-safe. Every method returns when the request is in the journal, so what it promises survives the death of the
 * HAM. Each throws {@link HamException}: {@code NOT_CONNECTED} when no HAM can be reached, {@code TIMED_OUT} when it is not
 * known in time whether the request was carried out, {@code DENIED} when the caller may not do it, and those a method names.
 */
@ProviderType
public interface Ham extends AutoCloseable {
    /**
     * Adds an entity with all its conditions and actions in one step, and starts its process if the specification says
     * how ({@code ham_attach}, {@code ham_entity}). A placeholder of that name gets its process instead; a live name is
     * refused with {@code EXISTS}.
     */
    EntityHandle attach(EntitySpec entity);

    /**
     * Attaches this very process ({@code ham_attach_self}). A placeholder of that name gets the process, and so does an
     * entity that HAM restarted as this process; any other live name is refused with {@code EXISTS}.
     *
     * @param heartbeat how often it is going to beat; empty for no heartbeat
     */
    Attachment attachSelf(String name, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags);

    /** Stops watching an entity and forgets it; its process goes on ({@code ham_detach}, {@code ham_detach_name}). */
    void detach(EntityHandle entity);

    /** A handle to an entity ({@code ham_entity_handle}); {@code NOT_FOUND} when there is none. */
    EntityHandle entity(String name);

    /** A handle to a condition ({@code ham_condition_handle}); {@code NOT_FOUND} when there is none. */
    ConditionHandle condition(String entity, String condition);

    /** A handle to an action ({@code ham_action_handle}); {@code NOT_FOUND} when there is none. */
    ActionHandle action(String entity, String condition, String action);

    /**
     * Adds a condition and the actions it brings along ({@code ham_condition}, {@code ham_condition_state}, {@code
     * ham_condition_raise}). Adding the same again returns what is there; a different one of that name is refused with
     * {@code EXISTS}.
     */
    ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition);

    /** Adds an action to a condition, and its fail items with it ({@code ham_action_*}); as {@link #addCondition}. */
    ActionHandle addAction(ConditionHandle condition, ActionSpec action);

    /** Adds a fail item to an action ({@code ham_action_fail_*}). */
    void addFailItem(ActionHandle action, ActionSpec item);

    /** Removes a condition with its actions ({@code ham_condition_remove}). */
    void remove(ConditionHandle condition);

    /** Removes an action ({@code ham_action_remove}). */
    void remove(ActionHandle action);

    /** Removes a fail item ({@code ham_action_fail_remove}). */
    void removeFailItem(ActionHandle action, String item);

    /**
     * Switches an entity, condition or action on or off ({@code HENABLE}, {@code HDISABLE} of {@code ham_*_control}).
     *
     * @param recurse also switch all that stands below it ({@code HRECURSE})
     */
    void enable(Handle target, boolean enabled, boolean recurse);

    /** The flags of an entity ({@code HGETFLAGS}). */
    Set<EntityFlag> flags(EntityHandle target);

    /** The flags of a condition. */
    Set<ConditionFlag> flags(ConditionHandle target);

    /** The flags of an action. */
    Set<ActionFlag> flags(ActionHandle target);

    /** Changes the flags of an entity ({@code HADDFLAGS}, {@code HREMOVEFLAGS}, {@code HSETFLAGS}). */
    void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags);

    /** Changes the flags of a condition; {@code no-wait} is {@code INVALID} while it holds an action that waits. */
    void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags);

    /** Changes the flags of an action; {@code do-now} is {@code INVALID}. */
    void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags);

    /** Reports the state of an entity ({@code ham_entity_condition_state}). */
    void reportState(EntityHandle entity, int state);

    /** Raises something for an entity ({@code ham_entity_condition_raise}). */
    void raise(EntityHandle entity, Raise what);

    /** Whether missed beats count ({@code HAM_HEARTBEAT_QUERY}). */
    boolean heartbeats();

    /**
     * Lets missed beats count or not ({@code HAM_HEARTBEAT_ACTIVE}, {@code HAM_HEARTBEAT_SUSPEND}).
     *
     * @return whether they counted before
     */
    boolean heartbeats(boolean active);

    /** The level up to which {@code log} actions are written ({@code VERBOSE_GET}). */
    int verbosity();

    /** Sets that level, 0 or more ({@code VERBOSE_SET}); who wants one more or less asks first. */
    void verbosity(int level);

    /** All entities as they stand. */
    Tree tree();

    /** One entity as it stands. */
    Optional<EntityView> find(String name);

    /** How the HAM itself is. */
    Status status();

    /**
     * Has a listener told of every line of the journal after a number, in order, through takeovers. It is called on a thread
     * of the subscription; one that is slow is waited for, as long as the journal keeps the lines.
     *
     * @param after the last line known already, 0 for all that are kept, {@link Long#MAX_VALUE} for those to come
     * @param ended called once when it cannot go on; never when it is closed
     */
    Subscription subscribe(long after, Consumer<Event> listener, Consumer<HamException> ended);

    /**
     * Opens a channel for the pulses of {@code notify-pulse} actions.
     *
     * @param receiver called on a thread of the connection; one call at a time, at least once for each pulse
     */
    PulseChannel openChannel(Consumer<Pulse> receiver);

    /**
     * Stops HAM and Guardian, the Guardian first ({@code ham_stop}). Supervised processes go on living and are adopted
     * at the next start. Returns when the stop is in the journal.
     */
    void stop();

    /** Closes this connection; a process attached through it that did not detach counts as dead. */
    @Override
    void close();
}
