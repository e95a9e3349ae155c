package org.ham.action.heartbeat.healthy;

import org.ham.api.Actor;
import org.ham.api.EntityHandle;
import org.ham.api.HamException;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.ham.spi.Supervisor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Makes the heartbeat of the entity whose event it was be well again, so that its beats are listened for
 * ({@code ham_action_heartbeat_healthy}): the last action of a list under {@code heartbeat-missed-high}. It never fails; of an
 * entity that has gone, or has no heartbeat, it says so. Thread-safe.
 */
@Component(service = ActionType.class)
public final class HeartbeatHealthy implements Action<HeartbeatHealthy.Parameters> {
    /** It can be told nothing. */
    public record Parameters() {}

    private static final Actor SELF = Actor.part("action-heartbeat-healthy");

    private final BundleContext context;

    /** Looks the HAM up when it runs: the HAM is there only while this process leads, the action type always. */
    @Activate
    public HeartbeatHealthy(BundleContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return "heartbeat-healthy";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) {
        var reference = context.getServiceReference(Supervisor.class);
        var ham = reference == null ? null : context.getService(reference);
        if (ham == null) {
            return Outcome.failed("this process is not the HAM any more");
        }
        try {
            return heal(ham, invocation);
        } finally {
            context.ungetService(reference);
        }
    }

    static Outcome heal(Supervisor ham, Invocation<Parameters> invocation) {
        var entity = invocation.entity();
        try {
            // The id makes a repeat after a takeover harmless: it must not heal what was missed since.
            ham.heartbeatHealthy(EntityHandle.of(entity), SELF.asking(invocation.id()));
            return Outcome.done("beats of '" + entity + "' are listened for again");
        } catch (HamException e) {
            if (e.code() == HamException.Code.NOT_FOUND) {
                return Outcome.done("'" + entity + "' has gone, there is nothing to listen for");
            }
            throw e;
        }
    }
}
