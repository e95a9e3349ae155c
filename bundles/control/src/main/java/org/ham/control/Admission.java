package org.ham.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts clients, and says who has to wait outside. The last tenth of the places is for root and the HAM's own user, so that others
 * cannot lock them out. Thread-safe.
 */
final class Admission {
    /** Descriptors that the HAM keeps for itself: processes, pages, files, other sockets. */
    private static final int RESERVED = 2_048;

    private final int most;
    private final int mostOfOthers;
    private final int mostPerUser;
    private final Map<Long, Integer> users = new HashMap<>();
    private int all;

    Admission(Limits limits, long descriptors) {
        most = (int) Math.min(limits.connections(), Math.max(16, descriptors - Math.min(RESERVED, descriptors / 2)));
        mostOfOthers = most - most / 10;
        mostPerUser = limits.connectionsPerUser();
    }

    /** How many descriptors this process may have. */
    static long descriptors() {
        try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line ->
                            line.substring("Max open files".length()).strip().split("\\s+")[0])
                    .filter(soft -> soft.matches("\\d{1,18}"))
                    .map(Long::parseLong)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Lets one in, or says why not. */
    synchronized Optional<String> enter(long uid, boolean mayAll) {
        var ofUser = users.getOrDefault(uid, 0);
        if (all >= most) {
            return Optional.of("all " + most + " connections are in use; try again later");
        }
        if (!mayAll && all >= mostOfOthers) {
            return Optional.of("all " + mostOfOthers + " connections for other users are in use; try again later");
        }
        if (!mayAll && ofUser >= mostPerUser) {
            return Optional.of("user " + uid + " has " + ofUser + " connections, the most a user may have; close one");
        }
        users.put(uid, ofUser + 1);
        all++;
        return Optional.empty();
    }

    synchronized void leave(long uid) {
        users.computeIfPresent(uid, (_, count) -> count > 1 ? count - 1 : null);
        all--;
    }

    /** How many are in. */
    synchronized int count() {
        return all;
    }
}
