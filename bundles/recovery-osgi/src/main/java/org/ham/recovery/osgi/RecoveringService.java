package org.ham.recovery.osgi;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.ham.recovery.RecoveryException.Outcome;
import org.ham.recovery.Replay;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * A service that outlives the replacement of its provider. Calls made while there is none wait, as long as the policy's deadline allows,
 * and go to the new one. A call whose provider is replaced under it may still be answered; when it fails instead, it is repeated
 * on another provider if it may happen twice, and otherwise fails with {@link ServiceGoneException}, outcome {@code MAYBE_DONE}. What
 * a registered provider throws goes straight to the caller.
 *
 * <p>Thread-safe; has no thread of its own. A provider may still be in a call when it is replaced, as with any service.
 *
 * @param <S> the service
 */
public final class RecoveringService<S> implements AutoCloseable {
    private final Class<S> type;
    private final ServicePolicy policy;
    private final Counting counting = new Counting();
    private final Providers<S> providers;

    private RecoveringService(BundleContext context, Class<S> type, ServicePolicy policy, Filter filter) {
        this.type = type;
        this.policy = policy;
        this.providers = new Providers<>(context, type.getName(), filter, counting);
    }

    /**
     * Begins to follow the providers of a service; there need not be one yet.
     *
     * @throws IllegalArgumentException when the policy's filter is no filter
     */
    public static <S> RecoveringService<S> open(BundleContext context, Class<S> type, ServicePolicy policy) {
        var service = new RecoveringService<>(
                requireNonNull(context, "context"), type, policy, filter(type.getName(), policy.filter()));
        service.providers.open();
        return service;
    }

    private static Filter filter(String type, String more) {
        try {
            return FrameworkUtil.createFilter("(&(objectClass=" + type + ")" + more + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(type + ": '" + more + "' is no filter: " + e.getMessage(), e);
        }
    }

    /**
     * Calls the service.
     *
     * @param replay whether the call may be carried out twice
     * @throws ServiceGoneException when no provider comes in time, the thread is interrupted meanwhile, the cover is closed, or the
     *     provider was lost in a call that may happen only once; the outcome says whether it may have happened
     */
    public <T, X extends Exception> T call(Replay replay, ServiceCall<? super S, T, X> call) throws X {
        var left = new long[] {policy.deadline().toNanos()};
        Provider<S> failed = null;
        // What it failed with first: from then on it may have been carried out.
        Exception begun = null;
        while (true) {
            var provider = next(failed, begun, left);
            if (failed != null) {
                counting.repeated();
            }
            try {
                return call.on(requireNonNull(provider.service(), "service"));
            } catch (Exception e) {
                if (!provider.isGone() && !policy.lost().test(e)) {
                    throw e;
                }
                counting.failed();
                if (replay == Replay.AT_MOST_ONCE) {
                    throw gaveUp(new ServiceGoneException(
                            Outcome.MAYBE_DONE,
                            type.getName() + ": its provider was replaced in a call that may have been carried out",
                            e));
                }
                failed = provider;
                begun = begun == null ? e : begun;
            }
        }
    }

    private Provider<S> next(@Nullable Provider<S> failed, @Nullable Exception begun, long[] left) {
        try {
            return providers.next(failed, left);
        } catch (ServiceGoneException e) {
            throw gaveUp(e.after(begun));
        }
    }

    private ServiceGoneException gaveUp(ServiceGoneException why) {
        counting.gaveUp();
        return why;
    }

    /**
     * The service itself, to be used like any other and kept as long as this is open; the policy says which of its methods may be called
     * twice.
     *
     * @throws IllegalArgumentException when the type is no interface; use {@link #call}
     */
    public S service() {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this::invoke));
    }

    private @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] words) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> words != null && words[0] == proxy;
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "recovering " + type.getName();
            };
        }
        var replay = policy.idempotent().test(method) ? Replay.AT_LEAST_ONCE : Replay.AT_MOST_ONCE;
        return call(replay, service -> {
            try {
                return method.invoke(service, words);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw (Exception) e.getCause();
            }
        });
    }

    /** What has happened so far. */
    public ServiceStatistics statistics() {
        return counting.statistics();
    }

    /** Follows the providers no more; calls that wait end. */
    @Override
    public void close() {
        providers.close();
    }
}
