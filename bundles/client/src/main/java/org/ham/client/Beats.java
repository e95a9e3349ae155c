package org.ham.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ham.api.Attachment;
import org.ham.api.HeartbeatPage;
import org.jspecify.annotations.Nullable;

/**
 * Where a program's beats go: into the page that the HAM named, and nowhere while there is none. The page stays the same through
 * takeovers; should another one be named, those who beat go over to it. Thread-safe.
 */
final class Beats {
    private final List<Registered> registered = new ArrayList<>();
    private @Nullable String named;
    private volatile @Nullable HeartbeatPage page;

    /** The HAM has named the page. */
    synchronized void use(Optional<String> file) {
        var fresh = file.orElse(null);
        if (fresh == null || fresh.equals(named)) {
            return;
        }
        var opened = HeartbeatPage.open(Path.of(fresh));
        registered.forEach(one -> one.inner = opened.register());
        named = fresh;
        page = opened;
    }

    void beat() {
        var known = page;
        if (known != null) {
            known.beat();
        }
    }

    synchronized Attachment.Beater register() {
        var known = page;
        var one = new Registered();
        if (known != null) {
            one.inner = known.register();
        }
        registered.add(one);
        return one;
    }

    private synchronized void forget(Registered one) {
        registered.remove(one);
        var inner = one.inner;
        one.inner = null;
        if (inner != null) {
            inner.close();
        }
    }

    /** A thread that beats for itself. */
    private final class Registered implements Attachment.Beater {
        private volatile Attachment.@Nullable Beater inner;

        @Override
        public void beat() {
            var known = inner;
            if (known != null) {
                known.beat();
            }
        }

        @Override
        public void close() {
            forget(this);
        }
    }
}
