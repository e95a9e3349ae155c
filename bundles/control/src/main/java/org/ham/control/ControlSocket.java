package org.ham.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ham.api.HeartbeatSpec;
import org.ham.linux.HandedOnSockets;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixSockets;
import org.ham.spi.HeldSocket;
import org.ham.spi.RunDirs;
import org.ham.spi.Surroundings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The socket {@code control.sock} in the run-dir. It is made before this process is the HAM, like all that started processes may look for:
 * the first Guardian is started right then, and has to be given it. Thread-safe.
 */
@Component(service = {Surroundings.class, ControlSocket.class})
public final class ControlSocket implements Surroundings {
    /** The socket in the run-dir. */
    static final String NAME = "control.sock";

    private static final Logger LOG = System.getLogger(ControlSocket.class.getName());
    private static final int FOR_OWNER = 0600;
    private static final int FOR_ALL = 0666;

    private final Door door;
    private final int mode;

    /** Called by Declarative Services, in both roles. */
    @Activate
    public ControlSocket(BundleContext context) {
        this(
                new Door(
                        () -> UnixSockets.in(context),
                        RunDirs.of(context::getProperty, System.getenv()).resolve(NAME),
                        System.getenv(),
                        HandedOnSockets.of(context),
                        held -> {
                            var registration = context.registerService(HeldSocket.class, held, null);
                            return () -> takeBack(registration);
                        }),
                Limits.from(context::getProperty));
    }

    ControlSocket(Door door, Limits limits) {
        this.door = door;
        mode = limits.others() == Limits.Others.NONE ? FOR_OWNER : FOR_ALL;
    }

    private static void takeBack(ServiceRegistration<HeldSocket> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException _) {
            // The framework was quicker, as the bundle stops.
        }
    }

    Path path() {
        return door.path();
    }

    /** Opens it, unless it is; throws {@link LinuxException} when that is not possible. */
    Door.Open open() {
        return door.open(mode);
    }

    @Override
    public void prepare() {
        try {
            var _ = open();
        } catch (LinuxException e) {
            // Whoever serves it tries again, and tells.
            LOG.log(Level.DEBUG, "The control socket cannot be opened yet: {0}", e.getMessage());
        }
    }

    @Override
    public Map<String, String> variables(String entity, Optional<HeartbeatSpec> heartbeat) {
        return Map.of();
    }

    @Deactivate
    void close() {
        door.close();
    }
}
