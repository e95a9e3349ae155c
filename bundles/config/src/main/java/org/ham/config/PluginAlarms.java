package org.ham.config;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ham.spi.Mirror;
import org.jspecify.annotations.Nullable;

/** What is wrong with plug-ins, told in the timeline of the HAM; a Guardian keeps it to itself until it is the HAM. Thread-safe. */
final class PluginAlarms {
    private static final System.Logger LOG = System.getLogger("org.ham.config");
    private static final String SOURCE = "plugin:";

    private final Map<String, String> standing = new ConcurrentHashMap<>();
    private @Nullable Mirror ham;

    /** This process is the HAM, or is not any more. */
    synchronized void ham(@Nullable Mirror mirror) {
        ham = mirror;
        if (mirror != null) {
            standing.forEach((name, text) -> mirror.alarm(SOURCE + name, text));
        }
    }

    /** Whether this process is the HAM. */
    synchronized boolean isHam() {
        return ham != null;
    }

    /** Something is wrong with a plug-in, or with an empty text nothing is any more. */
    synchronized void tell(String name, String text) {
        var before = text.isEmpty() ? standing.remove(name) : standing.put(name, text);
        if (text.equals(before == null ? "" : before)) {
            return;
        }
        LOG.log(text.isEmpty() ? Level.INFO : Level.ERROR, text.isEmpty() ? name + " is fine again" : text);
        if (ham != null) {
            ham.alarm(SOURCE + name, text);
        }
    }
}
