package org.ham.config;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.spi.Mirror;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What is wrong with what was brought into this framework, told in the timeline of the HAM; a Guardian keeps it to itself until it is
 * the HAM. Thread-safe.
 */
@Component(service = Alarms.class)
public final class Alarms {
    private static final System.Logger LOG = System.getLogger("org.ham.config");

    private final Map<String, String> standing = new HashMap<>();
    private final List<Runnable> whenHam = new CopyOnWriteArrayList<>();
    private @Nullable Supervisor ham;
    private @Nullable Mirror mirror;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHam(Supervisor fresh) {
        synchronized (this) {
            ham = fresh;
        }
        retell();
    }

    synchronized void unbindHam(Supervisor old) {
        ham = ham == old ? null : ham;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindMirror(Mirror fresh) {
        synchronized (this) {
            mirror = fresh;
        }
        retell();
    }

    synchronized void unbindMirror(Mirror old) {
        mirror = mirror == old ? null : mirror;
    }

    /** Whoever leads now is told of all. */
    private void retell() {
        if (raiseAll()) {
            whenHam.forEach(Runnable::run);
        }
    }

    private synchronized boolean raiseAll() {
        standing.forEach(this::raise);
        return isHam();
    }

    private synchronized void raise(String source, String text) {
        if (ham != null && mirror != null) {
            mirror.alarm(source, text);
        }
    }

    /** Whether this process is the HAM. */
    synchronized boolean isHam() {
        return ham != null && mirror != null;
    }

    /** Has something run whenever this process becomes the HAM, until what is returned is run. It must not wait. */
    Runnable whenHam(Runnable task) {
        whenHam.add(task);
        return () -> whenHam.remove(task);
    }

    /** Something is wrong with a source, or with an empty text nothing is any more. */
    synchronized void tell(String source, String text) {
        var before = text.isEmpty() ? standing.remove(source) : standing.put(source, text);
        if (text.equals(before == null ? "" : before)) {
            return;
        }
        LOG.log(text.isEmpty() ? Level.INFO : Level.ERROR, text.isEmpty() ? source + " is fine again" : text);
        raise(source, text);
    }
}
