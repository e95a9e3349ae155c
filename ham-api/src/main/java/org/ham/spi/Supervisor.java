package org.ham.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.FlagChange;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.Raise;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The HAM as those parts see it that ask on behalf of somebody: commands, entity files, other processes. The service is
 * there while this process is the HAM; a process that stands by as Guardian has none.
 *
 * <p>Thread-safe. Every method returns when the request is in the journal, so what it promises survives the death of the
 * HAM; each throws {@link org.ham.api.HamException} when it is refused, and {@link
 * org.ham.api.HamException.Code#TIMED_OUT} when the HAM does not answer in time. Who asks may give its request an id
 * ({@link Actor#asking}): a repeat of a request that was carried out changes nothing and succeeds. The last
 * {@value #REQUESTS} ids are known.
 */
@ProviderType
public interface Supervisor {
    /** How many requests are remembered by their ids. */
    int REQUESTS = 10_000;

    /**
     * Adds an entity with all its conditions and actions in one step, and starts its process if the specification says
     * how ({@code ham_attach}, {@code ham_entity}). A placeholder of that name gets its process instead; a live name is
     * refused with {@link org.ham.api.HamException.Code#EXISTS}.
     */
    EntityHandle attach(EntitySpec entity, Actor actor);

    /**
     * Makes an entity be as specified: adds it, or brings the conditions, flags and start command of the one of that
     * name up to date. A process that runs is left alone; a changed start command counts from the next restart on.
     */
    void declare(EntitySpec entity, Actor actor);

    /**
     * A process attaches itself ({@code ham_attach_self}). A placeholder of that name gets the process; so does an entity
     * that HAM started or restarted as this very process, or as {@code within}. Saying the same again changes nothing.
     *
     * @param within the process HAM knows the entity by, when the caller was started by it
     */
    EntityHandle attachSelf(
            String name,
            ProcessId process,
            Optional<ProcessId> within,
            Optional<HeartbeatSpec> heartbeat,
            Set<EntityFlag> flags,
            Actor actor);

    /**
     * Stops watching an entity and forgets it; its process goes on ({@code ham_detach}, {@code ham_detach_name}). One that
     * attached itself is refused with {@link org.ham.api.HamException.Code#INVALID}.
     */
    void detach(EntityHandle entity, Actor actor);

    /** An entity that attached itself detaches ({@code ham_detach_self}). */
    void detachSelf(EntityHandle entity, Actor actor);

    /** Adds a condition and the actions it brings along ({@code ham_condition}). */
    ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition, Actor actor);

    /** Adds an action to a condition, and its fail items with it ({@code ham_action_*}). */
    ActionHandle addAction(ConditionHandle condition, ActionSpec action, Actor actor);

    /** Adds a fail item to an action ({@code ham_action_fail_*}). */
    void addFailItem(ActionHandle action, ActionSpec item, Actor actor);

    /**
     * Removes a condition with its actions, or an action ({@code ham_condition_remove}, {@code ham_action_remove}); an
     * entity is refused, it is detached.
     */
    void remove(Handle target, Actor actor);

    /** Removes a fail item ({@code ham_action_fail_remove}). */
    void removeFailItem(ActionHandle action, String item, Actor actor);

    /**
     * Switches an entity, condition or action on or off ({@code HENABLE}, {@code HDISABLE}).
     *
     * @param recurse also switch all that stands below it ({@code HRECURSE})
     */
    void enable(Handle target, boolean enabled, boolean recurse, Actor actor);

    /** Changes the flags of an entity. */
    void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags, Actor actor);

    /** Changes the flags of a condition; {@code no-wait} is refused while it holds an action that waits. */
    void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags, Actor actor);

    /** Changes the flags of an action; {@code do-now} is refused. */
    void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags, Actor actor);

    /** Reports the state of an entity ({@code ham_entity_condition_state}). */
    void reportState(EntityHandle entity, int state, Actor actor);

    /** Raises something for an entity ({@code ham_entity_condition_raise}). */
    void raise(EntityHandle entity, Raise what, Actor actor);

    /** Makes an entity's heartbeat be well, so that it is monitored again ({@code ham_action_heartbeat_healthy}). */
    void heartbeatHealthy(EntityHandle entity, Actor actor);

    /**
     * Counts a beat of an entity's process that does not beat by itself ({@code ham_heartbeat}): a script's. Does nothing for
     * an entity without a heartbeat or without a process.
     */
    void beat(EntityHandle entity, Actor actor);

    /** Lets missed beats count, or not ({@code ham_heartbeat_control}); on resuming all count as having just beaten. */
    void heartbeats(boolean active, Actor actor);

    /** Sets the level up to which {@code log} actions are written, 0 or more ({@code ham_verbose}). */
    void verbosity(int level, Actor actor);

    /** All entities as they stand. Never blocks. */
    Tree tree();

    /** One entity as it stands. Never blocks. */
    Optional<EntityView> entity(String name);

    /**
     * Waits until an entity is as wanted.
     *
     * @param until called again whenever the state has changed, empty while there is no such entity; must be quick
     * @return false when the time was over first
     */
    boolean await(String name, Predicate<Optional<EntityView>> until, Duration within) throws InterruptedException;

    /** How the HAM itself is. Never blocks. */
    Status status();

    /**
     * Begins to upgrade to another distribution, as {@link Upgrades#begin} does.
     *
     * @return the process that gets ready to lead
     */
    long upgrade(Path distribution, Optional<Path> java, Actor actor);

    /**
     * Stops HAM and Guardian, the Guardian first ({@code ham_stop}). Supervised processes go on living and are adopted
     * at the next start. Returns when the stop is in the journal.
     */
    void stop(Actor actor);
}
