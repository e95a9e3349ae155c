package org.ham.action.waitfor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Host;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Waits for a path to appear or, without one, for a time to pass. Fails when the path has not appeared by then. After a
 * takeover it waits anew. Thread-safe.
 */
@Component(service = ActionType.class)
public final class WaitFor implements Action<Parameters> {
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Host host;
    private final Appearance appearance = new Appearance();

    /** Measures time by this host's clock. */
    @Activate
    public WaitFor(@Reference Host host) {
        this.host = host;
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
        return parameters.delay().plus(MARGIN);
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) throws IOException, InterruptedException {
        var path = invocation.parameters().path();
        var delay = invocation.parameters().delay();
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
