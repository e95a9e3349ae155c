package org.ham.client;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.NodeName;

/**
 * How a program talks to the HAM. Immutable.
 *
 * @param socket the control socket of the HAM
 * @param name who asks, in the journal; 1 to 64 printable ASCII characters
 * @param within how long a call may take, a takeover in between included; from 1 ms to 1 day
 * @param connectWithin how long {@link HamClient#connect} waits for the HAM
 * @param calls how many calls may be under way; what comes on top fails with {@code LIMIT}
 */
public record ClientSettings(Path socket, String name, Duration within, Duration connectWithin, int calls) {
    /** The name of the socket in the run-dir. */
    public static final String SOCKET = "control.sock";

    /** The folder in the run-dir with the ways to other nodes. */
    private static final String NODES = "nodes";

    private static final Path OF_ROOT = Path.of("/run/ham");

    /** Checks the ranges. */
    public ClientSettings {
        requireNonNull(socket, "socket");
        requireNonNull(name, "name");
        if (!name.matches("[\\x20-\\x7e]{1,64}")) {
            throw new HamException(Code.INVALID, "name: expected from 1 to 64 printable ASCII characters");
        }
        requireRange("within", within);
        requireRange("connectWithin", connectWithin);
        if (calls < 1) {
            throw new HamException(Code.INVALID, "calls " + calls + ": expected at least 1");
        }
    }

    private static void requireRange(String what, Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofDays(1)) > 0) {
            throw new HamException(Code.INVALID, what + " " + time + ": expected from 1 ms to 1 day");
        }
    }

    /** For the HAM of a run-dir. */
    public static ClientSettings of(Path runDir) {
        return new ClientSettings(
                runDir.toAbsolutePath().resolve(SOCKET), "java", Duration.ofSeconds(30), Duration.ofSeconds(10), 1_000);
    }

    /**
     * For the HAM that the environment names: the run-dir {@code HAM_RUN_DIR}, or the user's own, or the one of root.
     */
    public static ClientSettings usual() {
        return of(runDir(System.getenv()));
    }

    static Path runDir(Map<String, String> environment) {
        var named = variable(environment, "HAM_RUN_DIR");
        if (named.isPresent()) {
            return Path.of(named.get());
        }
        return variable(environment, "XDG_RUNTIME_DIR")
                .map(folder -> Path.of(folder, "ham"))
                .filter(own -> !isRoot() && Files.exists(own.resolve(SOCKET)))
                .orElse(OF_ROOT);
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * For the HAM of another node ({@code ham_connect_node}), through this one: the way to it is in the run-dir of the HAM here, which
     * knows the address and shows its certificate. Only root and the user of the HAM here may go there; what may be done there is up
     * to the other node. A process attaches itself, and opens channels, at the HAM of its own node only.
     *
     * @param node its name in {@code nodes.known} of {@code ham.yaml}
     */
    public ClientSettings node(String node) {
        var way = socket.resolveSibling(NODES).resolve(NodeName.require(node) + ".sock");
        return new ClientSettings(way, name, within, connectWithin, calls);
    }

    /** The same under a name. */
    public ClientSettings named(String other) {
        return new ClientSettings(socket, other, within, connectWithin, calls);
    }

    /** The same with another limit for calls. */
    public ClientSettings within(Duration other) {
        return new ClientSettings(socket, name, other, connectWithin, calls);
    }

    /** The same with another limit for the first connection. */
    public ClientSettings connectWithin(Duration other) {
        return new ClientSettings(socket, name, within, other, calls);
    }
}
