package org.ham.api;

import java.util.OptionalLong;

/**
 * How the HAM itself is. Immutable.
 *
 * @param hamPid the process that acts
 * @param epoch one more at each takeover, from 1
 * @param since when this process became the HAM, ISO 8601
 * @param guardianPid the process that stands by, when there is one
 * @param guardianReady whether it has followed the journal to its end and could take over
 * @param entities how many entities there are, the global one not counted
 * @param conditions how many conditions there are
 * @param actions how many actions there are, fail items not counted
 * @param hamFailures how often a HAM failed and was replaced
 * @param guardianFailures how often a Guardian failed and was replaced
 * @param verbosity the level up to which {@code log} actions are written
 * @param alarm what is wrong with HAM itself at the moment, empty when nothing is
 * @param heartbeats whether missed beats count; suspended they do not
 */
public record Status(
        long hamPid,
        long epoch,
        String since,
        OptionalLong guardianPid,
        boolean guardianReady,
        int entities,
        int conditions,
        int actions,
        long hamFailures,
        long guardianFailures,
        int verbosity,
        String alarm,
        boolean heartbeats) {}
