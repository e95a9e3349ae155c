package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.api.HeartbeatSpec;
import org.ham.spi.Surroundings;

/** All that adds to the surroundings of started processes. Parts come and go on any thread; everything else is the loop's. */
final class Environs {
    private static final Logger LOG = System.getLogger(Environs.class.getName());

    private final List<Surroundings> all = new CopyOnWriteArrayList<>();

    void add(Surroundings part) {
        all.add(part);
    }

    void remove(Surroundings part) {
        all.remove(part);
    }

    void prepareAll() {
        all.forEach(this::prepare);
    }

    void prepare(Surroundings part) {
        try {
            part.prepare();
        } catch (RuntimeException e) {
            failed(part, e);
        }
    }

    Map<String, String> variables(String entity, Optional<HeartbeatSpec> heartbeat) {
        var variables = new HashMap<String, String>();
        for (var part : all) {
            try {
                variables.putAll(part.variables(entity, heartbeat));
            } catch (RuntimeException e) {
                failed(part, e);
            }
        }
        return variables;
    }

    private static void failed(Surroundings part, RuntimeException e) {
        LOG.log(
                Level.ERROR,
                "What started processes should find around them failed: "
                        + part.getClass().getName(),
                e);
    }
}
