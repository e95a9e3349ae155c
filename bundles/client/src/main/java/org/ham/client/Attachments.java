package org.ham.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.Attachment;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HeartbeatSpec;
import org.ham.wire.Calls;
import org.ham.wire.Reading;

/** What this program is attached as. An attachment lives until the last who asked for it closes it. Thread-safe. */
final class Attachments {
    private static final Logger LOG = System.getLogger(Attachments.class.getName());

    private final Remote remote;
    private final Map<String, Joined> joined = new LinkedHashMap<>();

    Attachments(Remote remote) {
        this.remote = remote;
    }

    /** One entity that this program is. */
    private final class Joined {
        final Calls.AttachSelf asked;
        final Beats beats = new Beats();
        volatile EntityHandle entity;
        volatile Optional<String> page = Optional.empty();
        int users;

        Joined(Calls.AttachSelf asked) {
            this.asked = asked;
            entity = EntityHandle.of(asked.name());
        }

        void is(Calls.Attached attached) {
            entity = attached.entity();
            page = attached.page();
        }
    }

    Attachment attach(String name, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {
        var asked = new Calls.AttachSelf(name, heartbeat, flags);
        var fresh = new Joined(asked);
        remote.change("attachSelf", asked, result -> established(fresh, attached(result)));
        var held = new Held(current(name, fresh));
        try {
            held.one.beats.use(held.one.page);
        } catch (HamException e) {
            // Nobody would see it beat.
            held.detach();
            throw e;
        }
        return held;
    }

    private static Calls.Attached attached(Object result) {
        return Reading.LENIENT.read(result, Calls.Attached.class, "result");
    }

    private synchronized void established(Joined fresh, Calls.Attached attached) {
        var one = joined.computeIfAbsent(fresh.asked.name(), _ -> fresh);
        one.users++;
        one.is(attached);
    }

    private synchronized Joined current(String name, Joined fresh) {
        return joined.getOrDefault(name, fresh);
    }

    /** Attaches again on a new connection. */
    void again(Link.Asking asking) throws InterruptedException {
        for (var one : all()) {
            try {
                one.is(attached(asking.ask("attachSelf", one.asked, _ -> {})));
                one.beats.use(one.page);
            } catch (HamException e) {
                if (e.code() == Code.NOT_CONNECTED) {
                    throw e;
                }
                LOG.log(Level.WARNING, "this process is entity '" + one.asked.name() + "' no more: " + e.getMessage());
            }
        }
    }

    private synchronized List<Joined> all() {
        return List.copyOf(joined.values());
    }

    private synchronized boolean leave(Joined one) {
        one.users--;
        return one.users <= 0 && joined.remove(one.asked.name(), one);
    }

    private void detach(Joined one) {
        if (!leave(one)) {
            return;
        }
        // Asked again of the next HAM if need be, which nobody tells any more that this process is attached.
        remote.change("detachSelf", new Calls.Entity(one.entity), _ -> {});
    }

    /** What one who asked holds of an attachment. */
    private final class Held implements Attachment {
        private final Joined one;
        private boolean over;

        Held(Joined one) {
            this.one = one;
        }

        @Override
        public EntityHandle entity() {
            return one.entity;
        }

        @Override
        public void beat() {
            one.beats.beat();
        }

        @Override
        public Beater register(String name) {
            return one.beats.register();
        }

        @Override
        public void detach() {
            if (end()) {
                Attachments.this.detach(one);
            }
        }

        private synchronized boolean end() {
            var first = !over;
            over = true;
            return first;
        }

        @Override
        public void close() {
            detach();
        }
    }
}
