package org.ham.core;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.ham.api.Attachment;
import org.ham.api.EntityHandle;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.PulseChannel;
import org.ham.api.Subscription;

/** What is open through one connection and ends with it, whichever of its requests opened it. Thread-safe. */
final class Holdings implements AutoCloseable {
    private final Rejoining rejoining;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Holdings(Rejoining rejoining) {
        this.rejoining = rejoining;
    }

    void requireOpen() {
        if (closed) {
            throw new HamException(Code.NOT_CONNECTED, "this connection is closed; open another one");
        }
    }

    /** @param detach detaches it in order */
    Attachment attached(EntityHandle entity, Consumer<EntityHandle> detach) {
        rejoining.attached(entity.name(), this);
        var attached = new Attached(entity, detach);
        open.add(attached);
        return attached;
    }

    /** It was detached in order. */
    void detached(EntityHandle entity) {
        open.removeIf(one ->
                one instanceof Attached attached && attached.entity().name().equals(entity.name()));
        rejoining.detached(entity.name(), this);
    }

    Subscription keep(Subscription subscription) {
        return new Kept(subscription);
    }

    PulseChannel keep(PulseChannel channel) {
        open.add(channel);
        return channel;
    }

    /** The connection has ended; what was attached and not detached is lost. */
    @Override
    public void close() {
        closed = true;
        for (var one : open) {
            try {
                if (one instanceof Attached attached) {
                    attached.lost();
                } else if (one instanceof Channels.Losable channel) {
                    channel.lose();
                } else {
                    one.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException("a part of a connection does not close", e);
            }
        }
        open.clear();
    }

    /** A subscription that ends with its connection. */
    private final class Kept implements Subscription {
        private final Subscription inner;

        Kept(Subscription inner) {
            this.inner = inner;
            open.add(this);
        }

        @Override
        public long seq() {
            return inner.seq();
        }

        @Override
        public void close() {
            open.remove(this);
            inner.close();
        }
    }

    /** The HAM's side of an attachment: the beats themselves come through the page of memory. */
    private final class Attached implements Attachment {
        private final EntityHandle entity;
        private final Consumer<EntityHandle> detach;

        Attached(EntityHandle entity, Consumer<EntityHandle> detach) {
            this.entity = entity;
            this.detach = detach;
        }

        @Override
        public EntityHandle entity() {
            return entity;
        }

        @Override
        public void beat() {
            // Beats are stored by the process itself.
        }

        @Override
        public Beater register(String name) {
            throw new HamException(Code.INVALID, "threads are registered in the process they belong to");
        }

        @Override
        public void detach() {
            detach.accept(entity);
        }

        void lost() {
            rejoining.lost(entity.name(), Holdings.this);
        }

        @Override
        public void close() {
            if (open.contains(this)) {
                detach();
            }
        }
    }
}
