package org.ham.itests.plugin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The action {@code greet}: says hello, or misbehaves in the manner it is asked for. Thread-safe. */
@Component(service = ActionType.class)
public final class Greet implements Action<Greet.Parameters> {
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Version version;

    /** Made by Declarative Services. */
    @Activate
    public Greet(BundleContext context) {
        version = context.getBundle().getVersion();
    }

    /** How it behaves. */
    public enum Manner {
        /** Fails by an exception. */
        THROW,
        /** Waits for ever, but heeds an interrupt. */
        WAIT,
        /** Hangs, and heeds no interrupt. */
        HANG
    }

    /** What it takes. */
    public record Parameters(String who, Optional<Manner> manner) {
        /** Knows nobody of the name {@code nobody}. */
        public Parameters {
            if (who.equals("nobody")) {
                throw new IllegalArgumentException("who: nobody is not there to be greeted");
            }
        }
    }

    @Override
    public String name() {
        return "greet";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Duration deadline(Parameters parameters) {
        return Duration.ofMillis(parameters.manner().equals(Optional.of(Manner.HANG)) ? 200 : 60_000);
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) throws Exception {
        var manner = invocation.parameters().manner();
        if (manner.isPresent()) {
            misbehave(manner.get());
        }
        return Outcome.done("hello " + invocation.parameters().who() + " from version " + version);
    }

    private void misbehave(Manner manner) throws InterruptedException {
        switch (manner) {
            case THROW -> throw new IllegalStateException("lost my voice");
            case WAIT -> gone.await();
            case HANG -> hang();
        }
    }

    private void hang() {
        while (gone.getCount() > 0) {
            try {
                gone.await();
            } catch (InterruptedException _) {
                // This is what is tested.
            }
        }
    }

    @Deactivate
    void close() {
        gone.countDown();
    }
}
