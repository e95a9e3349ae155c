package org.ham.recovery;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a connection goes to when only the connection matters: works until the place it comes from is told to lose it. */
final class Thing implements Closeable {
    /** Where things are opened: there, or not. */
    static final class Place implements Opener<Thing> {
        final AtomicInteger asked = new AtomicInteger();
        final List<Thing> opened = new CopyOnWriteArrayList<>();
        private final AtomicInteger refusals = new AtomicInteger();

        /** All things opened so far are lost. */
        void lose() {
            opened.forEach(thing -> thing.works.set(false));
        }

        /** All are lost, and the next few openings are refused. */
        void loseAndRefuse(int times) {
            refusals.set(times);
            lose();
        }

        Target<Thing> target() {
            return Target.of("place", this, Losses.ofSockets());
        }

        @Override
        public Thing open() throws IOException {
            asked.incrementAndGet();
            if (refusals.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
                throw new ConnectException("refused on purpose");
            }
            var thing = new Thing();
            opened.add(thing);
            return thing;
        }
    }

    private final AtomicBoolean works = new AtomicBoolean(true);
    private final AtomicBoolean closed = new AtomicBoolean();

    String use(String what) throws IOException {
        if (!works.get() || closed.get()) {
            throw new EOFException("lost on purpose");
        }
        return what;
    }

    static Operation<Thing, String> using(String what) {
        return thing -> thing.use(what);
    }

    boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
