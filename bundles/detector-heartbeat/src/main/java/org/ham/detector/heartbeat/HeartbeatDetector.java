package org.ham.detector.heartbeat;

import java.nio.file.Path;
import org.ham.api.Beating;
import org.ham.api.HeartbeatPage;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Urgency;
import org.ham.spi.HeartbeatMonitor;
import org.ham.spi.HeartbeatPages;
import org.ham.spi.LoopTask;
import org.ham.spi.Reports;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The detector as services; there while this process is the HAM. Thread-safe. */
@Component(
        service = {},
        immediate = true)
public final class HeartbeatDetector implements HeartbeatPages {
    private static final Path PROC = Path.of("/proc");

    private final PageFolder pages;
    private final Watcher watcher;
    private final Replacements replacements;
    private final ServiceRegistration<?> turns;
    private final ServiceRegistration<?> monitor;
    private final ServiceRegistration<?> maker;

    /** Begins to watch. */
    @Activate
    public HeartbeatDetector(
            BundleContext context,
            @Reference Clocks clocks,
            @Reference Processes processes,
            @Reference Urgency urgency,
            @Reference Reports reports) {
        var settings = Settings.read(context::getProperty, System.getenv());
        pages = new PageFolder(
                settings.runDir().resolve(HeartbeatPage.FOLDER), PROC, process -> lives(processes, process));
        var excuses = new KernelExcuses(PROC, settings.tracersExcuse());
        replacements = new Replacements(context, clocks::monotonic);
        var holdUps = new HoldUps(clocks::monotonic);
        watcher = new Watcher(
                clocks,
                new Judge(
                        pages::provide,
                        process -> replacements.underWay() ? Excuse.REPLACED : excuses.of(process),
                        holdUps::take,
                        verdicts(reports),
                        clocks),
                urgency::raiseThisThread);
        replacements.whenOver(watcher::pardon);
        // Not by DS: the core refers to its monitors and they to the core, and only one of the two may wait for the
        // other.
        turns = context.registerService(LoopTask.class, holdUps, null);
        monitor = context.registerService(HeartbeatMonitor.class, watcher, null);
        maker = context.registerService(HeartbeatPages.class, this, null);
    }

    private static boolean lives(Processes processes, ProcessId process) {
        try {
            ProcessRef now = processes.identify(process.pid());
            return now.startTime() == process.startTime();
        } catch (LinuxException e) {
            return false;
        }
    }

    private static Verdicts verdicts(Reports reports) {
        return new Verdicts() {
            @Override
            public void missed(String entity, ProcessId process, Beating mark, int missed) {
                reports.missed(entity, process, mark, missed);
            }

            @Override
            public void beatsAgain(String entity, ProcessId process) {
                reports.beatsAgain(entity, process);
            }
        };
    }

    @Override
    public Path page(String entity, ProcessId process, long uid) {
        var file = pages.make(entity, process, uid);
        watcher.page(entity, process);
        return file;
    }

    @Deactivate
    void close() {
        replacements.close();
        monitor.unregister();
        maker.unregister();
        watcher.close();
        turns.unregister();
    }
}
