package org.ham.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The HAM: entities, their conditions, the actions that run when a condition becomes true. The service is there while
 * this process is the HAM; a process that stands by as Guardian has none.
 *
 * <p>Thread-safe. Every method returns when the request is in the journal, so what it promises survives the death of the
 * HAM; each throws {@link HamException} when it is refused, and {@link HamException.Code#TIMED_OUT} when the HAM does
 * not answer in time.
 */
@ProviderType
public interface Ham {
    /**
     * Adds an entity with all its conditions and actions in one step, and starts its process if the specification says
     * how ({@code ham_attach}, {@code ham_entity}). A placeholder of that name gets its process instead; a live name is
     * refused with {@link HamException.Code#EXISTS}.
     */
    void attach(EntitySpec entity, Actor actor);

    /**
     * Makes an entity be as specified: adds it, or brings the conditions, flags and start command of the one of that
     * name up to date. A process that runs is left alone; a changed start command counts from the next restart on.
     */
    void declare(EntitySpec entity, Actor actor);

    /** Stops watching an entity and forgets it; its process goes on ({@code ham_detach}). */
    void detach(String entity, Actor actor);

    /** Adds a condition and the actions it brings along ({@code ham_condition}). */
    void addCondition(String entity, ConditionSpec condition, Actor actor);

    /** Adds an action to a condition, and its fail items with it ({@code ham_action_*}). */
    void addAction(HamPath condition, ActionSpec action, Actor actor);

    /** Adds a fail item to an action ({@code ham_action_fail_*}). */
    void addFailItem(HamPath action, ActionSpec item, Actor actor);

    /** Removes a condition with its actions, or an action ({@code ham_condition_remove}, {@code ham_action_remove}). */
    void remove(HamPath path, Actor actor);

    /** Removes a fail item ({@code ham_action_fail_remove}). */
    void removeFailItem(HamPath action, String item, Actor actor);

    /**
     * Switches an entity, condition or action on or off ({@code HENABLE}, {@code HDISABLE}).
     *
     * @param recurse also switch all that stands below it ({@code HRECURSE})
     */
    void enable(HamPath path, boolean enabled, boolean recurse, Actor actor);

    /** Sets the level up to which {@code log} actions are written, 0 or more ({@code ham_verbose}). */
    void verbosity(int level, Actor actor);

    /** All entities as they stand. Never blocks. */
    Tree tree();

    /** One entity as it stands. Never blocks. */
    Optional<EntityView> entity(String name);

    /** How the HAM itself is. Never blocks. */
    Status status();

    /**
     * Stops HAM and Guardian, the Guardian first ({@code ham_stop}). Supervised processes go on living and are adopted
     * at the next start. Returns when the stop is in the journal.
     */
    void stop(Actor actor);
}
