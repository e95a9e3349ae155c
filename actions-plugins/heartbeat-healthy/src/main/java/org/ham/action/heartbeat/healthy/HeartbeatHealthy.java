package org.ham.action.heartbeat.healthy;

import java.time.Duration;
import org.ham.api.Actor;
import org.ham.api.EntityHandle;
import org.ham.api.HamException;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Awaited;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.ham.spi.Supervisor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

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

    private final Awaited<Supervisor> hams;

    /** Made by Declarative Services. The HAM is there only while this process leads, the action type always. */
    @Activate
    public HeartbeatHealthy() {
        this(Duration.ofSeconds(8));
    }

    /** @param patience how long to wait for the HAM: while its core is replaced it goes before its actions do, and comes after them */
    HeartbeatHealthy(Duration patience) {
        hams = new Awaited<>(patience);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHam(Supervisor fresh) {
        hams.bind(fresh);
    }

    void unbindHam(Supervisor old) {
        hams.unbind(old);
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
    public Outcome run(Invocation<Parameters> invocation) throws InterruptedException {
        var ham = hams.get();
        return ham.isPresent() ? heal(ham.get(), invocation) : Outcome.failed("this process is not the HAM any more");
    }

    private static Outcome heal(Supervisor ham, Invocation<Parameters> invocation) {
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
