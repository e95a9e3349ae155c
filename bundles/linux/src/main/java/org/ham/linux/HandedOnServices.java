package org.ham.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * By services of the framework itself, which stays while bundles go. They are of a type of the JDK, as this package may be another one
 * afterwards: one that is asked tells whether the socket is the caller's from then on. Thread-safe.
 */
final class HandedOnServices implements HandedOnSockets {
    private static final String NAME = "ham.socket";
    private static final String DESCRIPTOR = "ham.socket.descriptor";
    private static final String FILE = "ham.socket.file";

    private final BundleContext context;
    private final Duration longest;

    HandedOnServices(BundleContext context, Duration longest) {
        this.context = context;
        this.longest = longest;
    }

    @Override
    public boolean isAwaited() {
        BundleStartLevel level = context.getBundle().adapt(BundleStartLevel.class);
        return level != null && level.isPersistentlyStarted();
    }

    private Bundle framework() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID);
    }

    @Override
    public void handOn(String name, Path path, PassedDescriptor socket) {
        Optional<SocketFile> file = SocketFile.existing(path);
        if (file.isEmpty() || framework().getState() != Bundle.ACTIVE) {
            // The file stays: with the whole process gone another one may be at the same socket, and clients wait in
            // it.
            socket.close();
            return;
        }
        Dictionary<String, Object> properties = new Hashtable<>(
                Map.of(NAME, name, DESCRIPTOR, socket.fd(), FILE, file.get().identity()));
        Left left = new Left(() -> {
            file.get().deleteIfStillMine();
            socket.close();
        });
        left.offer(framework().getBundleContext().registerService(BooleanSupplier.class, left, properties), longest);
    }

    @Override
    public OptionalInt take(String name, Path path) {
        Optional<String> file = SocketFile.existing(path).map(SocketFile::identity);
        for (ServiceReference<BooleanSupplier> reference : references(name)) {
            BooleanSupplier left = context.getService(reference);
            if (left != null && file.equals(Optional.of(reference.getProperty(FILE))) && left.getAsBoolean()) {
                return OptionalInt.of((Integer) reference.getProperty(DESCRIPTOR));
            }
        }
        return OptionalInt.empty();
    }

    private Collection<ServiceReference<BooleanSupplier>> references(String name) {
        try {
            return context.getServiceReferences(BooleanSupplier.class, "(" + NAME + "=" + name + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("not the name of a socket: " + name, e);
        }
    }

    /** One that nobody serves. */
    private static final class Left implements BooleanSupplier {
        private final Runnable end;
        private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("ham-handed-on").daemon().factory());
        private @Nullable ServiceRegistration<?> registration;
        private boolean taken;

        Left(Runnable end) {
            this.end = end;
            timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        void offer(ServiceRegistration<?> itself, Duration longest) {
            boolean late;
            synchronized (this) {
                registration = itself;
                late = taken;
                if (!late) {
                    var _ = timer.schedule(this::expire, longest.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            if (late) {
                itself.unregister();
            }
        }

        private void expire() {
            if (getAsBoolean()) {
                end.run();
            }
        }

        @Override
        public boolean getAsBoolean() {
            ServiceRegistration<?> itself;
            synchronized (this) {
                if (taken) {
                    return false;
                }
                taken = true;
                itself = registration;
            }
            timer.shutdown();
            if (itself != null) {
                itself.unregister();
            }
            return true;
        }
    }
}
