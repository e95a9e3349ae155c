package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Over the services of a framework that are nothing but a map. */
final class HandedOnServicesTest {
    private final Kit kit = new Kit();
    private final Map<Object, Dictionary<?, ?>> services = new ConcurrentHashMap<>();
    private final CountDownLatch withdrawn = new CountDownLatch(1);

    private int frameworkState = Bundle.ACTIVE;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kit.close();
    }

    private HandedOnSockets handedOn(Duration longest) {
        return new HandedOnServices(context(), longest);
    }

    private BundleContext context() {
        return proxy(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getBundle" ->
                proxy(Bundle.class, (_, asked, _) -> asked.getName().equals("getState") ? frameworkState : self);
            case "registerService" -> {
                Object service = arguments[1];
                services.put(service, (Dictionary<?, ?>) arguments[2]);
                yield proxy(ServiceRegistration.class, (_, _, _) -> {
                    services.remove(service);
                    withdrawn.countDown();
                    return null;
                });
            }
            case "getServiceReferences" ->
                services.keySet().stream().map(this::reference).toList();
            case "getService" -> ((List<?>) ((ServiceReference<?>) arguments[0]).getProperty("itself")).getFirst();
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private ServiceReference<?> reference(Object service) {
        Dictionary<?, ?> properties = Objects.requireNonNull(services.get(service));
        return proxy(
                ServiceReference.class,
                (_, _, arguments) -> arguments[0].equals("itself") ? List.of(service) : properties.get(arguments[0]));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void whatWasLeftIsTakenOnce() throws Exception {
        Path path = folder.resolve("s");
        HandedOnSockets handedOn = handedOn(Duration.ofMinutes(1));
        PassedDescriptor left = kit.linux.sockets().listen(path, 0600).leaveOpen();
        handedOn.handOn("control", path, left);
        assertThat(handedOn.take("control", path)).hasValue(left.fd());
        assertThat(handedOn.take("control", path)).isEmpty();
        assertThat(withdrawn.await(60, TimeUnit.SECONDS)).isTrue();
        kit.linux.sockets().adoptListener(left.fd(), path).close();
        assertThat(path).doesNotExist();
    }

    @Test
    void whatNobodyTakesIsClosedAfterAWhile() throws Exception {
        Path path = folder.resolve("s");
        HandedOnSockets handedOn = handedOn(Duration.ofMillis(1));
        PassedDescriptor left = kit.linux.sockets().listen(path, 0600).leaveOpen();
        handedOn.handOn("control", path, left);
        assertThat(withdrawn.await(60, TimeUnit.SECONDS)).isTrue();
        while (Files.exists(path)) {
            Thread.onSpinWait();
        }
        assertThat(handedOn.take("control", path)).isEmpty();
    }

    @Test
    void aProcessThatEndsLeavesItToOthersThatHoldIt() {
        Path path = folder.resolve("s");
        HandedOnSockets handedOn = handedOn(Duration.ofMinutes(1));
        PassedDescriptor left = kit.linux.sockets().listen(path, 0600).leaveOpen();
        frameworkState = Bundle.STOPPING;
        try (PassedDescriptor heirs = OwnedDescriptor.duplicate(left.fd())) {
            handedOn.handOn("control", path, left);
            assertThat(services).isEmpty();
            assertThat(path).exists();
            kit.linux.sockets().adoptListener(heirs.fd(), path).leaveOpen();
        }
    }

    @Test
    void anotherSocketAtThePathIsNotTakenForIt() throws Exception {
        Path path = folder.resolve("s");
        HandedOnSockets handedOn = handedOn(Duration.ofMinutes(1));
        try (PassedDescriptor left = kit.linux.sockets().listen(path, 0600).leaveOpen();
                UnixListener other = kit.linux.sockets().listen(path, 0600)) {
            handedOn.handOn("control", folder.resolve("none"), OwnedDescriptor.duplicate(left.fd()));
            assertThat(services).isEmpty();
            handedOn.handOn("control", path, OwnedDescriptor.duplicate(left.fd()));
            Files.move(path, folder.resolve("away"));
            assertThat(handedOn.take("control", path)).isEmpty();
            assertThat(other.fd()).isPositive();
        }
    }
}
