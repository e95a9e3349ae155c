package org.ham.guardian;

import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Writes this process's beat into the page, after full turns of the core loop only. Confined to the core loop. */
@Component(
        service = {},
        immediate = true)
public final class Heart implements LoopTask {
    private final Role role;
    private final Mirror mirror;
    private final Completeness completeness;
    private final long period;
    private final ServiceRegistration<LoopTask> registration;
    private long count;
    private long next;
    private boolean ready;

    /** Begins to beat. */
    @Activate
    public Heart(
            BundleContext context,
            @Reference Role role,
            @Reference Mirror mirror,
            @Reference Completeness completeness) {
        this.role = role;
        this.mirror = mirror;
        this.completeness = completeness;
        period = role.settings().beat().toNanos();
        // Not by DS: the core refers to its tasks and they to the core, and only one of the two may wait for the other.
        registration = context.registerService(LoopTask.class, this, null);
    }

    @Override
    public long turned(long seq, long now) {
        var wasReady = ready;
        ready = mirror.caughtUp() && completeness.mayBeReady();
        // Somebody waits to hear that it is ready; that is told at once.
        if (count > 0 && now - next < 0 && ready == wasReady) {
            return next - now;
        }
        next = now + period;
        if (role.primary() || role.guarded().isPresent()) {
            var line = role.primary() ? Line.HAM : role.settings().line();
            role.page().write(line, new Beat(role.pid(), ++count, now, seq, ready));
        }
        return period;
    }

    /** The core loop, or this bundle, is being replaced; where the whole process ends instead, that is told by its end. */
    @Override
    public void ended() {
        if (count > 0 && role.primary()) {
            var last = role.page().read(Line.HAM);
            role.page().write(Line.HAM, new Beat(role.pid(), ++count, last.time(), last.seq(), false, true));
        }
    }

    @Deactivate
    void close() {
        registration.unregister();
    }
}
