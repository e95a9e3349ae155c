package org.ham.recovery;

import java.io.IOException;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a program has set on a socket, to be set on the next one too. Each kind once, in the order of their first setting. Thread-safe. */
final class SocketSettings {
    /** Sets one thing. */
    @FunctionalInterface
    interface Setting {
        void on(Socket socket) throws IOException;
    }

    private final Map<Object, Setting> settings = new LinkedHashMap<>();

    synchronized void add(Object kind, Setting setting) {
        settings.put(kind, setting);
    }

    synchronized void remove(Object kind) {
        settings.remove(kind);
    }

    private synchronized List<Setting> all() {
        return List.copyOf(settings.values());
    }

    void applyTo(Socket socket) throws IOException {
        for (var setting : all()) {
            setting.on(socket);
        }
    }
}
