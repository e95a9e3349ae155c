package org.ham.core;

import java.time.Duration;

/** Does at once what is to be done beside everything else, and nothing later. Confined to one thread. */
final class AtOnce implements Workers {
    @Override
    public Runnable start(String name, Runnable what) {
        what.run();
        return () -> {};
    }

    @Override
    public Runnable after(Duration time, Runnable what) {
        return () -> {};
    }

    @Override
    public void close() {
        // Nothing is left to do.
    }
}
