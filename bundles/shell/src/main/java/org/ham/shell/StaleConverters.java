package org.ham.shell;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.function.Predicate;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Has Gogo forget converters that are no services any more. That of the component runtime is a proxy that equals nothing, not even
 * itself, so that Gogo cannot take it out: it would keep each runtime that was ever replaced, with all its classes. Stateless.
 */
final class StaleConverters {
    private static final Logger LOG = System.getLogger(StaleConverters.class.getName());

    /** So that a set that changes all the time cannot hold up whoever asks. */
    private static final int MOST = 1_000;

    private StaleConverters() {}

    /**
     * Forgets them.
     *
     * @param context for a look at the services
     */
    static void forget(CommandProcessor gogo, BundleContext context) {
        try {
            if (gogo instanceof CommandProcessorImpl felix) {
                forget(felix, converter -> isService(context, converter));
            }
        } catch (NoClassDefFoundError | IllegalStateException e) {
            // Another Gogo, or one that is just going: sessions work without this.
            LOG.log(Level.DEBUG, "Gogo keeps what it has", e);
        }
    }

    static void forget(CommandProcessorImpl gogo, Predicate<Object> isService) {
        var stale = new AnyStale(isService);
        for (var i = 0; i < MOST; i++) {
            stale.found = false;
            gogo.removeConverter(stale);
            if (!stale.found) {
                return;
            }
        }
    }

    private static boolean isService(BundleContext context, Object converter) {
        try {
            Collection<ServiceReference<Converter>> all = context.getServiceReferences(Converter.class, null);
            return all.stream().anyMatch(one -> isOf(context, one, converter));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOf(BundleContext context, ServiceReference<Converter> reference, Object converter) {
        var service = context.getService(reference);
        if (service == null) {
            return false;
        }
        context.ungetService(reference);
        return service == converter;
    }

    /** Equals what is to be taken out: that is what a set asks of what it is to remove. */
    private static final class AnyStale implements Converter {
        private final Predicate<Object> isService;
        private boolean found;

        AnyStale(Predicate<Object> isService) {
            this.isService = isService;
        }

        @Override
        @SuppressWarnings("SelfEquals")
        public boolean equals(@Nullable Object other) {
            // One that equals itself can be taken out by whoever put it in.
            found = other != null && !other.equals(other) && !isService.test(other);
            return found;
        }

        @Override
        public int hashCode() {
            return 0;
        }

        @Override
        public @Nullable Object convert(Class<?> desired, Object in) {
            return null;
        }

        @Override
        public @Nullable CharSequence format(Object target, int level, Converter escape) {
            return null;
        }
    }
}
