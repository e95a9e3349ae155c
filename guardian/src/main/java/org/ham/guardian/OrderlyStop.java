package org.ham.guardian;

import org.ham.api.Actor;
import org.ham.spi.Supervisor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Stops HAM and Guardian when whoever runs the framework is told to end, for example by SIGTERM. A plain {@code Runnable},
 * because a launcher outside the framework has no other type in common with a bundle. Thread-safe.
 */
@Component(service = Runnable.class, property = "ham.stop:Boolean=true")
public final class OrderlyStop implements Runnable {
    private final Supervisor ham;

    /** Stops this HAM. */
    @Activate
    public OrderlyStop(@Reference Supervisor ham) {
        this.ham = ham;
    }

    @Override
    public void run() {
        ham.stop(Actor.part("signal"));
    }
}
