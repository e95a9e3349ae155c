package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

class ReturningTest {
    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(
            BundleContext.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (_, method, _) -> switch (method.getName()) {
                case "getBundle" -> framework();
                case "getBundles" -> new Bundle[0];
                default -> throw new AssertionError(method + " is not expected");
            });

    private Bundle framework() {
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (_, method, _) -> switch (method.getName()) {
                    case "getState" -> Bundle.ACTIVE;
                    case "getBundleContext" -> context;
                    default -> throw new AssertionError(method + " is not expected");
                });
    }

    @AfterEach
    void hasStarted() {
        System.clearProperty(Returning.NODE_STARTS);
    }

    @Test
    void whileTheNodeStartsItsBundlesAnyOfThemMayBeOnItsWay() {
        var returning = Returning.in(context);
        assertThat(returning.any()).isFalse();
        System.setProperty(Returning.NODE_STARTS, "true");
        assertThat(returning.any()).isTrue();
        System.clearProperty(Returning.NODE_STARTS);
        assertThat(returning.any()).isFalse();
    }
}
