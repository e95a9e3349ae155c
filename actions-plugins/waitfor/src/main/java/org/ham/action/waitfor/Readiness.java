package org.ham.action.waitfor;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.ham.api.EntityView;
import org.ham.spi.Outcome;
import org.ham.spi.Patience;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;

/** Waits until an entity says that it is ready. Used once. */
final class Readiness {
    /** How often it is looked for what has to be there first: in the moment of a takeover it is about to come. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Services services;
    private final Appearance pause;
    private final LongSupplier clock;
    private final String entity;
    private final long end;
    private OptionalLong pid = OptionalLong.empty();

    /** Where the HAM is, and who knows who asked for time; each may be missing. */
    interface Services {
        @Nullable
        Supervisor ham();

        @Nullable
        Patience patience();
    }

    Readiness(Services services, Appearance pause, LongSupplier clock, String entity, Duration delay) {
        this.services = services;
        this.pause = pause;
        this.clock = clock;
        this.entity = entity;
        this.end = clock.getAsLong() + delay.toNanos();
    }

    Outcome await(String words) throws InterruptedException {
        for (var left = left(); left > 0; left = left()) {
            var ham = services.ham();
            if (ham == null) {
                pause.pass(Math.min(left, LOOK_NANOS));
            } else if (ham.await(entity, this::isDecided, Duration.ofNanos(left))) {
                return outcome(ham.entity(entity));
            }
        }
        return Outcome.failed(entity + " has not said that it is ready within " + words);
    }

    /** An entity may have asked for more time meanwhile. */
    private long left() {
        var patience = services.patience();
        var until = patience == null ? 0 : patience.until(entity);
        return Math.max(end, until) - clock.getAsLong();
    }

    private boolean isDecided(Optional<EntityView> view) {
        if (view.isEmpty() || view.get().ready()) {
            return true;
        }
        // From the first process that is seen on, its end is the end of the wait.
        var now = view.get().pid();
        if (pid.isEmpty()) {
            pid = now;
        }
        return pid.isPresent() && now.isEmpty();
    }

    private Outcome outcome(Optional<EntityView> view) {
        if (view.isEmpty()) {
            return Outcome.failed("there is no entity '" + entity + "' (any more)");
        }
        return view.get().ready()
                ? Outcome.done(entity + " is ready")
                : Outcome.failed(entity + " ended before it was ready");
    }
}
