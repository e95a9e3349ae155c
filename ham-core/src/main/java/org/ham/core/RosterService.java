package org.ham.core;

import java.util.Optional;
import org.ham.spi.Roster;
import org.ham.spi.Supervisor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells who runs as which process. Thread-safe. */
@Component(service = Roster.class)
public final class RosterService implements Roster {
    private final Members members;

    /** Called by Declarative Services; there is something to tell while the core leads. */
    @Activate
    public RosterService(@Reference Core core, @Reference Supervisor supervisor) {
        this.members = core.members();
    }

    @Override
    public Optional<Member> of(long pid) {
        return members.of(pid);
    }

    @Override
    public Optional<Member> of(String entity) {
        return members.of(entity);
    }
}
