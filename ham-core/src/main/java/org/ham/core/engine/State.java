package org.ham.core.engine;

import java.util.Optional;
import org.ham.api.EntityKind;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.Upgrade;
import org.jspecify.annotations.Nullable;
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
 * @param suspended whether missed beats do not count
 * @param requests what was asked for lately
 * @param successor the process that the HAM has handed over to and that does not lead yet, 0 for none
 * @param upgrade the upgrade that is under way, null for none
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
        PMap<String, String> alarms,
        boolean suspended,
        Requests requests,
        long successor,
        @Nullable Upgrade upgrade) {

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
                HashTreePMap.empty(),
                false,
                Requests.NONE,
                0,
                null);
    }

    /** What is changed on the way from one state to the next; everything else is as it was. */
    private static final class Draft {
        private long seq;
        private String instance;
        private PMap<String, Entity> entities;
        private Entity global;
        private long hamPid;
        private long epoch;
        private String since;
        private boolean stopped;
        private long guardianPid;
        private boolean guardianReady;
        private long hamFailures;
        private long guardianFailures;
        private int verbosity;
        private PMap<String, String> alarms;
        private boolean suspended;
        private Requests requests;
        private long successor;
        private @Nullable Upgrade upgrade;

        Draft(State of) {
            seq = of.seq;
            instance = of.instance;
            entities = of.entities;
            global = of.global;
            hamPid = of.hamPid;
            epoch = of.epoch;
            since = of.since;
            stopped = of.stopped;
            guardianPid = of.guardianPid;
            guardianReady = of.guardianReady;
            hamFailures = of.hamFailures;
            guardianFailures = of.guardianFailures;
            verbosity = of.verbosity;
            alarms = of.alarms;
            suspended = of.suspended;
            requests = of.requests;
            successor = of.successor;
            upgrade = of.upgrade;
        }

        /** Handed over, or taken up: either may be all that is known when the candidate of an upgrade dies. */
        void leadGoesTo(long pid) {
            var current = upgrade;
            if (current != null && current.candidate() == pid) {
                upgrade = current.proving();
            }
        }

        State done() {
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
                    alarms,
                    suspended,
                    requests,
                    successor,
                    upgrade);
        }
    }

    /** An entity by name, the global one too. */
    public Optional<Entity> entity(String name) {
        return name.equals(HamPath.GLOBAL) ? Optional.of(global) : Optional.ofNullable(entities.get(name));
    }

    /** The entity that has exactly this process. */
    public Optional<Entity> entityOf(ProcessId process) {
        return entities.values().stream()
                .filter(entity -> process.equals(entity.process()))
                .findFirst();
    }

    /** The same after lines that this fold did not make itself. */
    public State skippedTo(long lastSeq, long lineEpoch) {
        return lastSeq == seq && lineEpoch == epoch ? this : at(lastSeq, lineEpoch);
    }

    State at(long lastSeq, long lineEpoch) {
        var draft = new Draft(this);
        draft.seq = lastSeq;
        draft.epoch = lineEpoch;
        return draft.done();
    }

    State with(Entity entity) {
        var draft = new Draft(this);
        if (entity.kind() == EntityKind.GLOBAL) {
            draft.global = entity;
        } else {
            draft.entities = entities.plus(entity.name(), entity);
        }
        return draft.done();
    }

    State without(String entity) {
        var draft = new Draft(this);
        draft.entities = entities.minus(entity);
        return draft.done();
    }

    State led(String word, long pid, String when, long hamFails, long guardianFails) {
        var draft = new Draft(this);
        draft.instance = word;
        draft.hamPid = pid;
        draft.since = when;
        draft.stopped = false;
        draft.successor = 0;
        draft.guardianPid = 0;
        draft.guardianReady = false;
        draft.hamFailures = hamFails;
        draft.guardianFailures = guardianFails;
        draft.leadGoesTo(pid);
        return draft.done();
    }

    State withStopped() {
        var draft = new Draft(this);
        draft.stopped = true;
        return draft.done();
    }

    State withGuardian(long pid, boolean ready, long failures) {
        var draft = new Draft(this);
        draft.guardianPid = pid;
        draft.guardianReady = ready;
        draft.guardianFailures = failures;
        return draft.done();
    }

    State withSuccessor(long pid) {
        var draft = new Draft(this);
        draft.successor = pid;
        draft.leadGoesTo(pid);
        return draft.done();
    }

    State withUpgrade(@Nullable Upgrade now) {
        var draft = new Draft(this);
        draft.upgrade = now;
        return draft.done();
    }

    State withVerbosity(int level) {
        var draft = new Draft(this);
        draft.verbosity = level;
        return draft.done();
    }

    State withSuspended(boolean on) {
        var draft = new Draft(this);
        draft.suspended = on;
        return draft.done();
    }

    State withRequest(String id, long line, int most) {
        var draft = new Draft(this);
        draft.requests = requests.plus(id, line, most);
        return draft.done();
    }

    State withAlarm(String source, String text) {
        var draft = new Draft(this);
        draft.alarms = text.isEmpty() ? alarms.minus(source) : alarms.plus(source, text);
        return draft.done();
    }
}
