package org.ham.detector.notify;

import java.util.Objects;
import java.util.Optional;
import org.ham.api.ProcessId;
import org.ham.detector.notify.Proc.Kinship;
import org.ham.spi.Roster;
import org.ham.spi.Roster.Member;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entity that a process belongs to, by what the kernel says: it is the entity's own process, or descends from it, or
 * is in its session or process group. Only where that does not tell, what the process was started with is a hint, and it must
 * fit what the entity's process was started with. Stateless but for what it is given.
 */
final class Kin {
    /** How far ancestors are followed; real programs start one another through a shell or two. */
    private static final int GENERATIONS = 32;

    private final Roster roster;
    private final Proc proc;
    private final String runDir;

    Kin(Roster roster, Proc proc, String runDir) {
        this.roster = roster;
        this.proc = proc;
        this.runDir = runDir;
    }

    /**
     * By kinship alone; quick.
     *
     * @param startTime of the process, 0 when it is not known
     */
    Optional<Member> of(long pid, long startTime) {
        var own = kinship(pid, startTime).orElse(null);
        if (own == null) {
            return Optional.empty();
        }
        return ancestor(pid, own).or(() -> leader(own.session())).or(() -> leader(own.group()));
    }

    /** The nearest one, itself included, that is an entity's process. */
    private Optional<Member> ancestor(long pid, Kinship own) {
        var at = pid;
        var kinship = own;
        for (var i = 0; i < GENERATIONS; i++) {
            var startTime = kinship.startTime();
            var found = roster.of(at).filter(member -> member.process().startTime() == startTime);
            if (found.isPresent()) {
                return found;
            }
            var child = kinship;
            at = kinship.parent();
            // A parent that is younger than its child is another process under a pid that was used again.
            var parent = at > 1
                    ? proc.kinship(at).filter(p -> p.startTime() <= child.startTime())
                    : Optional.<Kinship>empty();
            if (parent.isEmpty()) {
                return Optional.empty();
            }
            kinship = parent.get();
        }
        return Optional.empty();
    }

    private Optional<Member> leader(long pid) {
        return roster.of(pid)
                .filter(member -> proc.kinship(pid)
                        .filter(leader -> leader.startTime() == member.process().startTime())
                        .isPresent());
    }

    /**
     * By what it was started with; may take a while.
     *
     * @param uid its user; below zero if it must be in the session of the entity's start as well
     */
    Optional<Member> byEnvironment(long pid, long startTime, long uid) {
        var variables = proc.environment(pid);
        var own = kinship(pid, startTime).orElse(null);
        var name = variables.get("HAM_ENTITY");
        if (own == null || name == null || !runDir.equals(variables.get("HAM_RUN_DIR"))) {
            return Optional.empty();
        }
        return roster.of(name)
                .filter(member -> isInSessionOf(member, own)
                        || hasSameStart(member.process(), variables.get("HAM_INVOCATION_ID"), uid));
    }

    /** The session that HAM made for its start, which its main process need not lead any more. */
    private boolean isInSessionOf(Member member, Kinship own) {
        return member.started()
                && kinship(member.process().pid(), member.process().startTime())
                        .filter(main -> main.session() == own.session())
                        .isPresent();
    }

    private boolean hasSameStart(ProcessId main, @Nullable String invocation, long uid) {
        return invocation != null
                && (uid == 0 || uid == proc.user(main.pid()))
                && Objects.equals(proc.environment(main.pid()).get("HAM_INVOCATION_ID"), invocation)
                && kinship(main.pid(), main.startTime()).isPresent();
    }

    private Optional<Kinship> kinship(long pid, long startTime) {
        return proc.kinship(pid).filter(found -> startTime == 0 || found.startTime() == startTime);
    }
}
