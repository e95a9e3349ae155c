package org.ham.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Subscription;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.Message;
import org.ham.wire.Reading;

/** The subscriptions of this program. Thread-safe. */
final class Streams {
    private static final Logger LOG = System.getLogger(Streams.class.getName());

    /** How many lines may be under way; the HAM is told after each quarter of them. */
    private static final long WINDOW = 800;

    private final Remote remote;
    private final Consumer<byte[]> tell;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Following> open = new ConcurrentHashMap<>();

    Streams(Remote remote, Consumer<byte[]> tell) {
        this.remote = remote;
        this.tell = tell;
    }

    Subscription subscribe(long after, Consumer<Event> listener, Consumer<HamException> ended) {
        var following = new Following(ids.incrementAndGet(), listener, ended);
        open.put(following.id, following);
        try {
            remote.change(
                    "subscribe",
                    new Calls.Subscribe(following.id, after, OptionalLong.of(WINDOW)),
                    result -> following.established(Reading.LENIENT.read(result, Calls.Subscribed.class, "result")));
        } catch (HamException e) {
            open.remove(following.id);
            throw e;
        }
        following.hands.start();
        return following;
    }

    /** Goes on after the last lines on a new connection. */
    void again(Link.Asking asking) throws InterruptedException {
        for (var following : List.copyOf(open.values())) {
            if (following.established) {
                following.again(asking);
            }
        }
    }

    void told(Calls.Told told) {
        var following = open.get(told.subscription());
        if (following != null) {
            following.come(told.event());
        }
    }

    void ended(Calls.Ended ended) {
        var following = open.remove(ended.subscription());
        if (following != null) {
            following.end(new Fault(0, ended.message(), ended.errno()).exception());
        }
    }

    void close() {
        for (var following : List.copyOf(open.values())) {
            open.remove(following.id);
            following.hands.close();
        }
    }

    /** A line, or why there are no more. */
    private sealed interface Step {
        record Line(Event event) implements Step {}

        record End(HamException why) implements Step {}
    }

    /** One subscription: what came and was not taken yet waits here, and no more than the window comes. */
    private final class Following implements Subscription {
        final long id;
        final Handing<Step> hands;
        private final Consumer<Event> listener;
        private final Consumer<HamException> ended;
        private volatile boolean established;
        private volatile long come;
        private volatile long taken;
        private volatile boolean over;
        private long acknowledged;

        Following(long id, Consumer<Event> listener, Consumer<HamException> ended) {
            this.id = id;
            this.listener = listener;
            this.ended = ended;
            hands = new Handing<>("ham-client-subscription", this::take);
        }

        /** On the thread that reads, as {@link #come}; lines may have come before. */
        void established(Calls.Subscribed begun) {
            if (come == 0) {
                come = begun.after();
                taken = begun.after();
            }
            established = true;
        }

        void again(Link.Asking asking) throws InterruptedException {
            try {
                asking.ask("subscribe", new Calls.Subscribe(id, come, OptionalLong.of(WINDOW)), _ -> {});
            } catch (HamException e) {
                if (e.code() == Code.NOT_CONNECTED || e.code() == Code.TIMED_OUT) {
                    throw e;
                }
                if (open.remove(id) != null) {
                    end(e);
                }
            }
        }

        void come(Event event) {
            if (event.seq() <= come) {
                return;
            }
            if (hands.offer(new Step.Line(event))) {
                come = event.seq();
            } else if (open.remove(id) != null) {
                end(new HamException(Code.LIMIT, "the HAM sent more lines than it was asked for"));
            }
        }

        void end(HamException why) {
            if (!hands.offer(new Step.End(why))) {
                LOG.log(Level.WARNING, "a subscription ended: " + why.getMessage());
            }
        }

        private void take(Step step) {
            if (over) {
                return;
            }
            switch (step) {
                case Step.Line(var event) -> take(event);
                case Step.End(var why) -> finish(why);
            }
        }

        private void take(Event event) {
            try {
                listener.accept(event);
                taken = event.seq();
                acknowledge();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A subscription's listener failed; the subscription is ended", e);
                if (open.remove(id) != null) {
                    leave();
                }
                finish(new HamException(Code.FAILED, "the listener failed: " + e, e));
            }
        }

        private void acknowledge() {
            if (taken - acknowledged >= WINDOW / 4) {
                acknowledged = taken;
                tell.accept(Message.notice("taken", new Calls.Taken(id, taken)));
            }
        }

        private void finish(HamException why) {
            over = true;
            ended.accept(why);
        }

        @Override
        public long seq() {
            return taken;
        }

        @Override
        public void close() {
            over = true;
            if (open.remove(id) != null) {
                leave();
            }
            hands.close();
        }

        private void leave() {
            tell.accept(Message.notice("unsubscribe", new Calls.Unsubscribe(id)));
        }
    }
}
