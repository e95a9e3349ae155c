package org.ham.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was announced of the exits of expected processes; of others nothing is kept. Thread-safe.
 *
 * <p>The kernel announces the exit of each thread, not of the process. If all end together their statuses are the same. If
 * the main thread had left before, its own counts unless a signal or a call of {@code exit} ended the others: a signal
 * shows, a call of {@code exit} cannot be told from a thread that ended by itself, and then the end is unknown.
 */
final class ExitEvents {
    private static final int SIGNAL = 0x7f;

    /** By pid: one may be dead and not asked about yet while another has its pid. */
    private final Map<Long, Map<ProcessRef, Heard>> expected = new HashMap<>();

    /** Of one process. Guarded by the events. */
    private static final class Heard {
        /** The wait status of the main thread. */
        OptionalInt leader = OptionalInt.empty();

        /** That of the last of the other threads since. */
        OptionalInt later = OptionalInt.empty();

        boolean lost;

        void exited(boolean main, int waitStatus) {
            if (main) {
                // Again after an execve by another thread, which takes the place of the main one.
                leader = OptionalInt.of(waitStatus);
                later = OptionalInt.empty();
            } else if (leader.isPresent()) {
                later = OptionalInt.of(waitStatus);
            }
        }

        Optional<ExitStatus> status() {
            if (leader.isEmpty()) {
                return lost ? Optional.of(ExitStatus.UNKNOWN) : Optional.empty();
            }
            int last = later.orElse(leader.getAsInt());
            if (lost || (last != leader.getAsInt() && (last & SIGNAL) == 0)) {
                return Optional.of(ExitStatus.UNKNOWN);
            }
            return Optional.of(ExitStatus.ofWaitStatus(last));
        }
    }

    /** Listens for the exit of a living process; what was heard of it before is forgotten. */
    synchronized void expect(ProcessRef process) {
        expected.computeIfAbsent(process.pid(), pid -> new HashMap<>()).put(process, new Heard());
    }

    synchronized void forget(ProcessRef process) {
        Map<ProcessRef, Heard> ofPid = expected.getOrDefault(process.pid(), Map.of());
        if (ofPid.containsKey(process)) {
            ofPid.remove(process);
            if (ofPid.isEmpty()) {
                expected.remove(process.pid());
            }
        }
    }

    synchronized boolean isEmpty() {
        return expected.isEmpty();
    }

    /** A thread of a process exited. */
    synchronized void exited(long thread, long process, int waitStatus) {
        for (Heard heard : expected.getOrDefault(process, Map.of()).values()) {
            heard.exited(thread == process, waitStatus);
        }
    }

    /** Announcements were lost, maybe those of processes that are expected now. */
    synchronized void lost() {
        expected.values().forEach(ofPid -> ofPid.values().forEach(heard -> heard.lost = true));
    }

    /** How a process ended; empty when that was not announced yet, {@link ExitStatus#UNKNOWN} when it never will be. */
    synchronized Optional<ExitStatus> of(ProcessRef process) {
        Heard heard = expected.getOrDefault(process.pid(), Map.of()).get(process);
        return heard == null ? Optional.of(ExitStatus.UNKNOWN) : heard.status();
    }
}
