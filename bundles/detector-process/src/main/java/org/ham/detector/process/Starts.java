package org.ham.detector.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ham.api.StartSpec;
import org.ham.linux.Spawn;
import org.ham.spi.HeldSocket;
import org.ham.spi.Host;

/**
 * Turns what a user wants to start into what the operating system starts. Immutable.
 *
 * <p>The environment is HAM's own, without what was meant for HAM alone (whom it guards, and what its own service manager
 * told it), then the specification's, then what HAM adds for this start.
 */
final class Starts {
    private static final Set<String> HAMS_OWN = Set.of(
            "HAM_GUARDIAN_OF",
            "HAM_INVOCATION_ID",
            "HAM_ENTITY",
            HeldSocket.VARIABLE,
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_FDNAMES");

    private final Map<String, String> inherited;

    Starts(Map<String, String> environment) {
        var copy = new HashMap<>(environment);
        copy.keySet().removeAll(HAMS_OWN);
        this.inherited = Map.copyOf(copy);
    }

    Spawn of(StartSpec spec, Map<String, String> added, Optional<Path> output) {
        var environment = new HashMap<>(inherited);
        environment.putAll(spec.environment());
        added.forEach((name, value) -> {
            if (value.equals(Host.ITS_PID)) {
                environment.remove(name);
            } else {
                environment.put(name, value);
            }
        });
        var pids = added.keySet().stream()
                .filter(name -> Host.ITS_PID.equals(added.get(name)))
                .collect(Collectors.toSet());
        return new Spawn(
                spec.command(),
                spec.directory().map(text -> Paths.of("directory", text)),
                environment,
                spec.user(),
                spec.limits(),
                output,
                Map.of(),
                pids);
    }
}
