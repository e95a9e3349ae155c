package org.ham.core;

import java.util.Optional;
import org.ham.api.Actor;
import org.ham.api.Ham;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The connection a bundle of this framework gets: what it asks for is told in its name. Thread-safe. */
@Component(service = Ham.class, scope = ServiceScope.BUNDLE)
public final class BundleHam extends Connected {
    /** Called by Declarative Services, once for each bundle that asks. */
    @Activate
    public BundleHam(ComponentContext context, @Reference ConnectionsService connections) {
        super(
                connections.parts(),
                Actor.part("bundle:" + context.getUsingBundle().getSymbolicName()),
                Optional.empty());
    }

    @Deactivate
    @Override
    public void close() {
        super.close();
    }
}
