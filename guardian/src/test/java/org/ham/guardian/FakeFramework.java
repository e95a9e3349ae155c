package org.ham.guardian;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.spi.HeldSocket;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** As much of a framework as the bundle's parts touch: properties, registrations, and whether it was stopped. Thread-safe. */
final class FakeFramework {
    final Map<String, String> properties = new ConcurrentHashMap<>();
    final List<Object> services = new CopyOnWriteArrayList<>();
    final List<HeldSocket> held = new CopyOnWriteArrayList<>();

    /** The properties that services got after they were registered. */
    final Map<Object, Map<?, ?>> changed = new ConcurrentHashMap<>();

    volatile int state = Bundle.ACTIVE;

    BundleContext context() {
        return proxy(BundleContext.class, (_, method, arguments) -> switch (method.getName()) {
            case "getProperty" -> properties.get((String) arguments[0]);
            case "getBundle" -> system();
            case "getBundles" -> new Bundle[] {};
            case "registerService" -> register(arguments[1]);
            case "getServiceReferences" ->
                held.stream().map(FakeFramework::reference).toList();
            case "getService" ->
                held.stream()
                        .filter(socket -> socket.name().equals(arguments[0].toString()))
                        .findFirst()
                        .orElse(null);
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    <T> List<T> services(Class<T> type) {
        return services.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static ServiceReference<?> reference(HeldSocket socket) {
        return proxy(ServiceReference.class, (_, _, _) -> socket.name());
    }

    private Bundle system() {
        return proxy(Bundle.class, (_, method, _) -> switch (method.getName()) {
            case "getState" -> state;
            case "stop" -> {
                state = Bundle.STOPPING;
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private ServiceRegistration<?> register(Object service) {
        services.add(service);
        return proxy(ServiceRegistration.class, (_, method, arguments) -> switch (method.getName()) {
            case "setProperties" -> {
                changed.put(service, FrameworkUtil.asMap((Dictionary<?, ?>) arguments[0]));
                yield null;
            }
            case "unregister" -> {
                services.remove(service);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
