package org.ham.action.waitfor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Host;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.ham.spi.Patience;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Waits for a path to appear, for an entity to say that it is ready, or just for a time to pass. Fails when what it waits for
 * has not come by then. After a takeover it waits anew. Thread-safe.
 */
@Component(service = ActionType.class)
public final class WaitFor implements Action<Parameters> {
    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final Duration MOST = Duration.ofDays(1);

    private final Host host;
    private final Appearance appearance = new Appearance();
    private final Bound bound = new Bound();

    /** Measures time by this host's clock. */
    @Activate
    public WaitFor(@Reference Host host) {
        this.host = host;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHam(Supervisor ham) {
        bound.ham = ham;
    }

    void unbindHam(Supervisor old) {
        // The next one may be bound already.
        if (bound.ham == old) {
            bound.ham = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPatience(Patience patience) {
        bound.patience = patience;
    }

    void unbindPatience(Patience old) {
        if (bound.patience == old) {
            bound.patience = null;
        }
    }

    /** Not needed for all waits, and not there before this process is the HAM. */
    private static final class Bound implements Readiness.Services {
        private volatile @Nullable Supervisor ham;
        private volatile @Nullable Patience patience;

        @Override
        public @Nullable Supervisor ham() {
            return ham;
        }

        @Override
        public @Nullable Patience patience() {
            return patience;
        }
    }

    @Override
    public String name() {
        return "waitfor";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public Duration deadline(Parameters parameters) {
        // Who is waited for may ask for more time, and then sees to it itself that it does not wait for ever.
        return parameters.ready().orElse(false) ? MOST : parameters.delay().plus(MARGIN);
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) throws IOException, InterruptedException {
        var path = invocation.parameters().path();
        var delay = invocation.parameters().delay();
        if (invocation.parameters().ready().orElse(false)) {
            var entity = invocation.parameters().entity().orElse(invocation.entity());
            return new Readiness(bound, appearance, host::monotonic, entity, delay).await(words(delay));
        }
        var end = host.monotonic() + delay.toNanos();
        if (path.isEmpty()) {
            appearance.pass(delay.toNanos());
            return Outcome.done(words(delay) + " have passed");
        }
        return appearance.of(Path.of(path.get()), () -> end - host.monotonic())
                ? Outcome.done(path.get() + " is there")
                : Outcome.failed(path.get() + " has not appeared within " + words(delay));
    }

    private static String words(Duration delay) {
        return delay.toMillis() % 1000 == 0 ? delay.toSeconds() + "s" : delay.toMillis() + "ms";
    }
}
