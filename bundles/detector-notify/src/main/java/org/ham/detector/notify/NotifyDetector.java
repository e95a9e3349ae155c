package org.ham.detector.notify;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.linux.LinuxException;
import org.ham.linux.Processes;
import org.ham.linux.Reactor;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.ham.spi.Patience;
import org.ham.spi.Reports;
import org.ham.spi.Roster;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Reads the notify socket while this process is the HAM. Thread-safe. */
@Component(service = Patience.class, immediate = true)
public final class NotifyDetector implements Patience {
    private static final Logger LOG = System.getLogger(NotifyDetector.class.getName());
    private static final String PART = "detector-notify";

    private final Mirror mirror;
    private final Graces graces;
    private final Aside aside;
    private final ServiceRegistration<LoopTask> task;
    private final @Nullable AutoCloseable reading;

    /** Begins to read. */
    @Activate
    public NotifyDetector(
            @Reference NotifySocket socket,
            @Reference Reports reports,
            @Reference Roster roster,
            @Reference Supervisor ham,
            @Reference Mirror mirror,
            @Reference Processes processes,
            @Reference Reactor reactor,
            @Reference Clocks clocks,
            BundleContext context) {
        this.mirror = mirror;
        graces = new Graces(reports, roster);
        aside = new Aside(reactor::wake);
        var kin = new Kin(roster, Proc.files(), socket.runDir().toString());
        var postbox = new Postbox(
                kin,
                new Senders(roster, kin),
                new Sayings(reports, ham, new Voices(reports, roster), graces),
                new Complaints(clocks::monotonic),
                aside,
                clocks::monotonic,
                pid -> identify(processes, pid));
        task = context.registerService(LoopTask.class, postbox, null);
        reading = read(socket, postbox);
    }

    private static Optional<ProcessId> identify(Processes processes, long pid) {
        try {
            var found = processes.identify(pid);
            return Optional.of(new ProcessId(found.pid(), found.startTime(), found.inode(), found.bootId()));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    /** Without its socket a HAM still supervises. */
    private @Nullable AutoCloseable read(NotifySocket socket, Postbox postbox) {
        try {
            var open = socket.read(postbox);
            mirror.alarm(PART, "");
            return open;
        } catch (LinuxException | IllegalStateException e) {
            mirror.alarm(PART, "entities cannot notify: " + e.getMessage());
            LOG.log(Level.ERROR, "No notifications are received", e);
            return null;
        }
    }

    @Override
    public long until(String entity) {
        return graces.until(entity);
    }

    @Deactivate
    void close() throws Exception {
        var open = reading;
        if (open != null) {
            open.close();
        }
        aside.close();
        task.unregister();
    }
}
