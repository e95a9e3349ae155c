package org.ham.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An entity as it stands. Immutable.
 *
 * @param name unique in the HAM
 * @param kind what stands behind it, as a word
 * @param status {@code running}, {@code starting}, {@code dead} or {@code unattached}
 * @param pid its process, when it has one
 * @param startTime when that process started, in clock ticks since boot
 * @param state the state it last reported, 0 before the first report
 * @param enabled its switch
 * @param restarts how often HAM restarted it
 * @param created when it was first known, ISO 8601
 * @param lastDeath when it last died, ISO 8601
 * @param lastReason how it last died
 * @param flags how it behaves, as words
 * @param command its start command; empty when HAM has none
 * @param conditions what is watched for
 * @param id the journal line that made it
 * @param heartbeat its heartbeat, when it has one
 * @param ready whether it said that it is ready ({@code READY=1}) since it was started
 * @param text what it last said of itself ({@code STATUS=}), empty when nothing
 * @param owner the user that attached it, -1 for HAM itself
 */
public record EntityView(
        String name,
        String kind,
        String status,
        OptionalLong pid,
        OptionalLong startTime,
        int state,
        boolean enabled,
        long restarts,
        String created,
        Optional<String> lastDeath,
        Optional<ExitReason> lastReason,
        List<String> flags,
        List<String> command,
        List<ConditionView> conditions,
        long id,
        Optional<HeartbeatView> heartbeat,
        boolean ready,
        String text,
        long owner) {
    /** The same with these conditions. */
    public EntityView with(List<ConditionView> others) {
        return new EntityView(
                name,
                kind,
                status,
                pid,
                startTime,
                state,
                enabled,
                restarts,
                created,
                lastDeath,
                lastReason,
                flags,
                command,
                others,
                id,
                heartbeat,
                ready,
                text,
                owner);
    }
}
