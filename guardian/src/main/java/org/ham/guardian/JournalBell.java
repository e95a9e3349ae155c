package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import org.ham.linux.DirectoryWatch;
import org.ham.spi.LoopTask;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Wakes the core loop of a Guardian when the HAM has written to the journal, until it is the HAM itself. */
@Component(
        service = {},
        immediate = true)
public final class JournalBell implements LoopTask {
    private static final Logger LOG = System.getLogger(JournalBell.class.getName());

    private final Role role;
    private final AutoCloseable watch;
    private final ServiceRegistration<LoopTask> registration;
    private boolean leads;
    private boolean closed;

    /** Begins to listen, if this process stands by. */
    @Activate
    public JournalBell(BundleContext context, @Reference Role role, @Reference DirectoryWatch directories)
            throws IOException {
        this.role = role;
        if (role.guarded().isPresent()) {
            Files.createDirectories(role.runDir().journal());
            // The change itself ends the loop's wait, and the turn after it reads on: nothing is left to do.
            watch = directories.watch(role.runDir().journal(), () -> {});
        } else {
            watch = () -> {};
        }
        registration = context.registerService(LoopTask.class, this, null);
    }

    @Override
    public long turned(long seq, long now) {
        if (!leads && role.primary()) {
            leads = true;
            silenceElsewhere();
        }
        return Long.MAX_VALUE;
    }

    /** The kernel takes some 15 ms to close it, and this is the middle of the takeover. */
    private void silenceElsewhere() {
        try {
            Thread.ofPlatform().daemon().name("ham-journal-bell").start(this::silence);
        } catch (OutOfMemoryError e) {
            LOG.log(Level.DEBUG, "No thread can be started; it is closed here", e);
            silence();
        }
    }

    /** It is silent when this returns, whoever began with it. */
    private synchronized void silence() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("the watch of the journal folder did not close", e);
        }
    }

    @Deactivate
    void close() {
        registration.unregister();
        silence();
    }
}
