package org.ham.itests.provider;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Counts that it was asked and answers with its version; fails once it was deactivated, also in the middle. Thread-safe. */
@Component(service = Function.class, property = "ham.test=answer")
public final class Answer implements Function<AtomicInteger, String> {
    private final Version version;
    private volatile boolean gone;

    /** Made by Declarative Services. */
    @Activate
    public Answer(BundleContext context) {
        version = context.getBundle().getVersion();
    }

    @Override
    public String apply(AtomicInteger asked) {
        requireThere();
        asked.incrementAndGet();
        Thread.yield();
        requireThere();
        return version.toString();
    }

    private void requireThere() {
        if (gone) {
            throw new IllegalStateException("version " + version + " was deactivated");
        }
    }

    @Deactivate
    void close() {
        gone = true;
    }
}
