package org.ham.command;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Has Ctrl-C, SIGTERM and SIGHUP call back instead of ending the process. The JDK's class for it cannot be named without
 * a compiler warning, and a shutdown hook would not hear the second Ctrl-C.
 */
final class Interrupts {
    private Interrupts() {}

    static void handle(Runnable callback) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            callback.run();
                            yield null;
                        }
                        case "equals" -> self == arguments[0];
                        case "hashCode" -> System.identityHashCode(self);
                        default -> "ham interrupts";
                    });
            for (var name : List.of("INT", "TERM", "HUP")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot handle signals", e);
        }
    }
}
