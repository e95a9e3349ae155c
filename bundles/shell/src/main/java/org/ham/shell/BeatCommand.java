package org.ham.shell;

import java.util.Optional;
import org.ham.api.EntityHandle;
import org.ham.api.EntityView;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham beat}: a beat for scripts, which have no page of memory to beat into. */
@CommandLine.Command(
        name = "beat",
        description = {
            "Beats for an entity: for scripts, once in each period of its heartbeat.",
            "Without ENTITY for the one that HAM started the caller as (HAM_ENTITY), or whose process the caller descends from."
        })
public final class BeatCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "ENTITY", description = "the entity (default: the caller's own)")
    @Nullable
    String entity;

    /** Whether the command line says which entity is meant. */
    public boolean namesEntity() {
        return entity != null;
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        var name = entity == null ? own(context) : entity;
        ham.beat(EntityHandle.of(name), context.actor());
        var listens = ham.entity(name).flatMap(EntityView::heartbeat).isPresent();
        return done(
                context, name, "beat for " + name + (listens ? "" : "; it has no heartbeat, so nobody listens for it"));
    }

    private static String own(Context context) {
        var entities = context.requireHam().tree().entities();
        for (var pid : Ancestors.of(context.actor().pid())) {
            Optional<EntityView> found = entities.stream()
                    .filter(entity -> entity.pid().isPresent() && entity.pid().getAsLong() == pid)
                    .findFirst();
            if (found.isPresent()) {
                return found.get().name();
            }
        }
        throw new HamException(
                Code.NOT_FOUND,
                "the caller, pid " + context.actor().pid()
                        + ", is no entity and descends from none; say for which one: ham beat ENTITY");
    }
}
