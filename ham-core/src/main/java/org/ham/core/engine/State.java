package org.ham.core.engine;

import java.util.Optional;
import org.ham.api.EntityKind;
import org.ham.api.HamPath;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Everything HAM knows, as of one line of the journal. Immutable; changing one entity of ten thousand shares the rest.
 *
 * @param seq the last line folded, 0 before the first
 * @param instance a word that makes invocation ids unique, given by the first HAM of this journal
 * @param entities all but the global one, by name
 * @param global the global entity
 * @param hamPid the process that leads, 0 before the first
 * @param epoch the epoch of the last line
 * @param since when it began to lead, ISO 8601
 * @param stopped whether the last HAM was told to stop
 * @param guardianPid the process that stands by, 0 when there is none
 * @param guardianReady whether it could take over
 * @param alarms what is wrong with HAM itself, by source
 */
public record State(
        long seq,
        String instance,
        PMap<String, Entity> entities,
        Entity global,
        long hamPid,
        long epoch,
        String since,
        boolean stopped,
        long guardianPid,
        boolean guardianReady,
        long hamFailures,
        long guardianFailures,
        int verbosity,
        PMap<String, String> alarms) {

    /** Before the first line. */
    public static State empty() {
        return new State(
                0,
                "",
                HashTreePMap.empty(),
                Entity.placeholder(HamPath.GLOBAL, EntityKind.GLOBAL, ""),
                0,
                0,
                "",
                false,
                0,
                false,
                0,
                0,
                0,
                HashTreePMap.empty());
    }

    /** An entity by name, the global one too. */
    public Optional<Entity> entity(String name) {
        return name.equals(HamPath.GLOBAL) ? Optional.of(global) : Optional.ofNullable(entities.get(name));
    }

    /** The same after lines that this fold did not make itself. */
    public State skippedTo(long lastSeq, long lineEpoch) {
        return lastSeq == seq && lineEpoch == epoch ? this : at(lastSeq, lineEpoch);
    }

    State at(long lastSeq, long lineEpoch) {
        return new State(
                lastSeq,
                instance,
                entities,
                global,
                hamPid,
                lineEpoch,
                since,
                stopped,
                guardianPid,
                guardianReady,
                hamFailures,
                guardianFailures,
                verbosity,
                alarms);
    }

    State with(Entity entity) {
        return entity.kind() == EntityKind.GLOBAL
                ? new State(
                        seq,
                        instance,
                        entities,
                        entity,
                        hamPid,
                        epoch,
                        since,
                        stopped,
                        guardianPid,
                        guardianReady,
                        hamFailures,
                        guardianFailures,
                        verbosity,
                        alarms)
                : withEntities(entities.plus(entity.name(), entity));
    }

    State without(String entity) {
        return withEntities(entities.minus(entity));
    }

    private State withEntities(PMap<String, Entity> others) {
        return new State(
                seq,
                instance,
                others,
                global,
                hamPid,
                epoch,
                since,
                stopped,
                guardianPid,
                guardianReady,
                hamFailures,
                guardianFailures,
                verbosity,
                alarms);
    }

    State led(String word, long pid, String when, long hamFails, long guardianFails) {
        return new State(
                seq,
                word,
                entities,
                global,
                pid,
                epoch,
                when,
                false,
                0,
                false,
                hamFails,
                guardianFails,
                verbosity,
                alarms);
    }

    State withStopped() {
        return new State(
                seq,
                instance,
                entities,
                global,
                hamPid,
                epoch,
                since,
                true,
                guardianPid,
                guardianReady,
                hamFailures,
                guardianFailures,
                verbosity,
                alarms);
    }

    State withGuardian(long pid, boolean ready, long failures) {
        return new State(
                seq,
                instance,
                entities,
                global,
                hamPid,
                epoch,
                since,
                stopped,
                pid,
                ready,
                hamFailures,
                failures,
                verbosity,
                alarms);
    }

    State withVerbosity(int level) {
        return new State(
                seq,
                instance,
                entities,
                global,
                hamPid,
                epoch,
                since,
                stopped,
                guardianPid,
                guardianReady,
                hamFailures,
                guardianFailures,
                level,
                alarms);
    }

    State withAlarm(String source, String text) {
        return new State(
                seq,
                instance,
                entities,
                global,
                hamPid,
                epoch,
                since,
                stopped,
                guardianPid,
                guardianReady,
                hamFailures,
                guardianFailures,
                verbosity,
                text.isEmpty() ? alarms.minus(source) : alarms.plus(source, text));
    }
}
