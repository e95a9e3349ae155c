package org.ham.guardian;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Spawn;
import org.ham.spi.HeldSocket;
import org.osgi.framework.BundleContext;

/** Starts nodes that stand by for this process. Stateless but for the page; thread-safe. */
record NodeStarter(Role role, Processes processes, BundleContext context) {
    /**
     * Starts a node that holds the sockets which are served here and beats in a line that nobody uses.
     *
     * @param command what to start
     * @param extra variables of its environment besides this process's own
     * @param output where its output goes
     * @param now the monotonic clock
     * @throws LinuxException when it cannot be started
     */
    Standing start(List<String> command, Map<String, String> extra, Path output, long now) {
        synchronized (role.page()) {
            var line = free();
            role.page().clear(line);
            var sockets = Inheritance.of(HeldSockets.in(context));
            var node = processes.spawn(new Spawn(
                            command,
                            Optional.empty(),
                            environment(line, sockets, extra),
                            Optional.empty(),
                            Map.of(),
                            Optional.of(output))
                    .withDescriptors(sockets.descriptors()));
            if (role.page().read(line).pid() == 0) {
                // The line is taken, though it will take a while until the first beat.
                role.page().write(line, new Beat(node.pid(), 0, 0, 0, false));
            }
            return new Standing(node, line, role.settings(), now);
        }
    }

    private Line free() {
        if (!isTaken(Line.GUARDIAN)) {
            return Line.GUARDIAN;
        }
        // Who beat there may be long dead, and anybody have the number: the Guardian's own line is never given away.
        var guardian = role.runDir().namedGuardian();
        return guardian != 0 && role.page().read(Line.OTHER_GUARDIAN).pid() == guardian
                ? Line.GUARDIAN
                : Line.OTHER_GUARDIAN;
    }

    private boolean isTaken(Line line) {
        var pid = role.page().read(line).pid();
        return pid != 0 && pid != role.pid() && found(pid).isPresent();
    }

    /** A living process by its number. */
    Optional<ProcessRef> found(long pid) {
        try {
            return Optional.of(processes.identify(pid)).filter(processes::isAlive);
        } catch (LinuxException _) {
            return Optional.empty();
        }
    }

    /** The line in which a process beats. */
    Optional<Line> lineOf(long pid) {
        return List.of(Line.GUARDIAN, Line.OTHER_GUARDIAN).stream()
                .filter(line -> role.page().read(line).pid() == pid)
                .findFirst();
    }

    private Map<String, String> environment(Line line, Inheritance sockets, Map<String, String> extra) {
        var environment = new HashMap<>(System.getenv());
        // What this process was itself.
        environment.remove(Settings.OTHER_LINE);
        environment.put(Settings.GUARDIAN_OF, Long.toString(role.pid()));
        environment.put(Settings.STANDS_BY, Settings.GUARDIAN);
        environment.put(HeldSocket.VARIABLE, sockets.variable());
        if (line == Line.OTHER_GUARDIAN) {
            environment.put(Settings.OTHER_LINE, "other");
        }
        environment.putAll(extra);
        return environment;
    }
}
