package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.ham.api.HamException;
import org.ham.spi.ActionType;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The action plug-ins that are installed. One whose bundle is being replaced is waited for, so that nobody notices. Thread-safe.
 */
@Component(service = Plugins.class)
public final class Plugins {
    private static final Logger LOG = System.getLogger(Plugins.class.getName());

    /** For how long one that is to come back is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long LOOK_NANOS = 10_000_000;

    /** How often a type that was never there is looked for after all bundles have come: its component may come a little later. */
    private static final int SETTLING_LOOKS = 200;

    /** Whoever names more types than this that do not exist need not be waited for. */
    private static final int MOST_UNKNOWN = 1_000;

    private final ConcurrentHashMap<String, ActionType<?>> types = new ConcurrentHashMap<>();

    /** Those that went and are to come back. */
    private final ConcurrentHashMap<String, ActionType<?>> replaced = new ConcurrentHashMap<>();

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Returning returning;

    /** How often each type that was never there is still looked for. */
    private final ConcurrentHashMap<String, Integer> settling = new ConcurrentHashMap<>();

    private final int settlingLooks;
    private final Pause pause;

    /** Waits. */
    interface Pause {
        /** Until it is over, or whoever waits is interrupted. */
        void take(long nanos) throws InterruptedException;
    }

    /** Who runs actions of plug-ins that come and go. */
    interface Listener {
        /** It went away for good. */
        void gone(String type);

        /** It went away and is to come back. */
        void replaced(String type);
    }

    /** Called by Declarative Services. */
    @Activate
    public Plugins(BundleContext context) {
        this(Returning.in(context), SETTLING_LOOKS);
    }

    Plugins(Returning returning, int settlingLooks) {
        this(returning, settlingLooks, Plugins::park);
    }

    Plugins(Returning returning, int settlingLooks, Pause pause) {
        this.returning = returning;
        this.settlingLooks = settlingLooks;
        this.pause = pause;
    }

    private static void park(long nanos) throws InterruptedException {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindType(ActionType<?> type) {
        try {
            var before = types.put(type.name(), type);
            replaced.remove(type.name());
            if (before != null) {
                LOG.log(Level.WARNING, "Action type {0}: {1} replaces {2}", type.name(), type, before);
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "An action plug-in, " + type.getClass().getName() + ", cannot tell its name", e);
        }
    }

    void unbindType(ActionType<?> type) {
        // First out, then told: a run that begins in between either finds nothing or is among those told of.
        types.forEach((name, installed) -> {
            if (installed == type) {
                var comesBack = returning.is(type);
                if (comesBack) {
                    replaced.put(name, type);
                }
                if (types.remove(name, installed)) {
                    listeners.forEach(listener -> {
                        if (comesBack) {
                            listener.replaced(name);
                        } else {
                            listener.gone(name);
                        }
                    });
                }
            }
        });
    }

    /** Tells of each type whose plug-in goes away. */
    void onRemoval(Listener listener) {
        listeners.add(listener);
    }

    /** Takes back {@link #onRemoval}. */
    void offRemoval(Listener listener) {
        listeners.remove(listener);
    }

    Optional<ActionType<?>> find(String type) {
        return Optional.ofNullable(types.get(type));
    }

    /** Waits for one that is being replaced, or that may be among the bundles that are just coming. */
    Optional<ActionType<?>> await(String type) throws InterruptedException {
        return await(type, () -> false);
    }

    /**
     * The same for somebody who may have to go meanwhile.
     *
     * @throws HamException {@code NOT_CONNECTED} when it goes before the plug-in has come
     */
    Optional<ActionType<?>> await(String type, BooleanSupplier leaving) throws InterruptedException {
        for (var left = PATIENCE.toNanos(); left > 0 && !types.containsKey(type); left -= LOOK_NANOS) {
            if (leaving.getAsBoolean()) {
                throw Loop.stopped();
            }
            var old = replaced.get(type);
            if (old == null ? !returning.any() && !settles(type) : !returning.is(old)) {
                break;
            }
            pause.take(LOOK_NANOS);
        }
        if (!types.containsKey(type)) {
            replaced.remove(type);
        }
        return find(type);
    }

    /** The names of those that are there. */
    SortedSet<String> names() {
        return new TreeSet<>(types.keySet());
    }

    private boolean settles(String type) {
        return (settling.containsKey(type) || settling.size() < MOST_UNKNOWN)
                && settling.merge(type, settlingLooks - 1, (left, _) -> left - 1) >= 0;
    }
}
