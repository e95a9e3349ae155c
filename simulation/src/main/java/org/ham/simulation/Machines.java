package org.ham.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.ham.guardian.SimulatedGuard;
import org.ham.spi.LoopTask;
import org.ham.spi.Primary;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The surroundings of a node's guardian bundle: kernel, lock, and as much of a framework as it touches. */
final class Machines {
    private Machines() {}

    static SimulatedGuard.Machine of(Node node, long guardianOf) {
        var system = new SimulatedSystem(node);
        return new SimulatedGuard.Machine(
                context(node),
                system,
                system,
                system,
                system,
                node.world.page,
                new RoleLock(node),
                node.world.runDir,
                guardianOf,
                "other".equals(node.proc.environment.get("HAM_GUARDIAN_LINE")),
                node.isCandidate(),
                node.home,
                node.flaw);
    }

    private static BundleContext context(Node node) {
        var framework = proxy(Bundle.class, (_, method, _) -> switch (method.getName()) {
            case "getState" -> node.stopping ? Bundle.STOPPING : Bundle.ACTIVE;
            case "stop" -> {
                node.leave();
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        });
        return proxy(BundleContext.class, (_, method, arguments) -> switch (method.getName()) {
            case "getProperty" -> null;
            case "getBundle" -> framework;
            case "getServiceReferences" -> List.of();
            case "registerService" -> register(node, arguments[1]);
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static ServiceRegistration<?> register(Node node, Object service) {
        if (service instanceof Primary primary) {
            node.becomes(primary);
        } else if (service instanceof LoopTask task) {
            node.theCore().add(task);
        }
        return proxy(ServiceRegistration.class, (_, method, _) -> {
            if (method.getName().equals("setProperties")) {
                // Those that wait for it are not simulated.
                return null;
            }
            if (!method.getName().equals("unregister")) {
                throw new UnsupportedOperationException(method.toString());
            }
            if (service instanceof LoopTask task && node.core != null) {
                node.core.remove(task);
            }
            return null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** The role lock as one node sees it. */
    private static final class RoleLock implements SimulatedGuard.Lock {
        private final Node node;
        private final SimulatedKernel kernel;

        RoleLock(Node node) {
            this.node = node;
            this.kernel = node.world.kernel;
        }

        @Override
        public boolean take(long pid) {
            node.touch("lock");
            @Nullable Proc holder = kernel.lockHolder;
            if (holder != null && holder != node.proc) {
                return false;
            }
            kernel.lockHolder = node.proc;
            kernel.lockName = pid;
            node.touch("locked");
            return true;
        }

        @Override
        public void name(long pid) {
            kernel.lockName = pid;
        }

        @Override
        public long named() {
            return kernel.lockName;
        }

        @Override
        public boolean held() {
            return kernel.lockHolder == node.proc;
        }

        @Override
        public void release() {
            if (held()) {
                kernel.lockHolder = null;
            }
        }
    }
}
