package org.ham.client;

import java.util.Optional;
import org.ham.api.Attachment;

/** TEMP */
final class BeatPages {
    void use(Optional<String> page) {}

    void beat() {}

    Attachment.Beater register(String name) {
        return new Attachment.Beater() {
            @Override
            public void beat() {}

            @Override
            public void close() {}
        };
    }

    void close() {}
}
