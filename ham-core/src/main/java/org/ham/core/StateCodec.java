package org.ham.core;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ham.api.Upgrade;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Requests;
import org.ham.core.engine.State;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** How a whole state stands in a snapshot, and is read back. Stateless. */
final class StateCodec {
    /** The format; a reader refuses a higher one and starts from the lines it has. */
    private static final int VERSION = 1;

    private StateCodec() {}

    private record Stored(
            int version,
            long seq,
            String instance,
            List<Entity> entities,
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
            Map<String, String> alarms,
            boolean suspended,
            List<String> requests,
            long successor,
            @Nullable Upgrade upgrade) {}

    static String write(State state) {
        return Json.GSON.toJson(new Stored(
                VERSION,
                state.seq(),
                state.instance(),
                state.entities().values().stream()
                        .sorted(Comparator.comparing(Entity::name))
                        .toList(),
                state.global(),
                state.hamPid(),
                state.epoch(),
                state.since(),
                state.stopped(),
                state.guardianPid(),
                state.guardianReady(),
                state.hamFailures(),
                state.guardianFailures(),
                state.verbosity(),
                new LinkedHashMap<>(state.alarms()),
                state.suspended(),
                List.copyOf(state.requests().order()),
                state.successor(),
                state.upgrade()));
    }

    static State read(String text) {
        var stored = Json.GSON.fromJson(text, Stored.class);
        if (stored.version() > VERSION) {
            throw new IllegalArgumentException(
                    "snapshot of version " + stored.version() + ", this HAM reads up to " + VERSION);
        }
        PMap<String, Entity> entities = HashTreePMap.empty();
        for (var entity : stored.entities()) {
            entities = entities.plus(entity.name(), entity);
        }
        return new State(
                stored.seq(),
                stored.instance(),
                entities,
                stored.global(),
                stored.hamPid(),
                stored.epoch(),
                stored.since(),
                stored.stopped(),
                stored.guardianPid(),
                stored.guardianReady(),
                stored.hamFailures(),
                stored.guardianFailures(),
                stored.verbosity(),
                HashTreePMap.from(stored.alarms()),
                stored.suspended(),
                Requests.of(stored.requests()),
                stored.successor(),
                stored.upgrade());
    }
}
