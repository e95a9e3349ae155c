package org.ham.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.Message;
import org.ham.wire.Reading;

/** The channels this program has open for pulses. Thread-safe. */
final class Channels {
    private static final Logger LOG = System.getLogger(Channels.class.getName());

    /** How many pulses wait for a channel whose number is just being told. */
    private static final int EARLY = 100;

    private final Remote remote;
    private final Consumer<byte[]> answer;
    private final Map<Integer, Receiving> open = new HashMap<>();
    private final ArrayDeque<Message.Request> early = new ArrayDeque<>();
    private int opening;

    Channels(Remote remote, Consumer<byte[]> answer) {
        this.remote = remote;
        this.answer = answer;
    }

    PulseChannel open(Consumer<Pulse> receiver) {
        var channel = new Receiving(receiver);
        begin();
        try {
            remote.change(
                    "openChannel", new Calls.OpenChannel(OptionalLong.empty()), result -> opened(channel, result));
            channel.start();
            return channel;
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        opening++;
    }

    private synchronized void opened(Receiving channel, Object result) {
        channel.number =
                Reading.LENIENT.read(result, Calls.Channel.class, "result").number();
        open.put(channel.number, channel);
        // A pulse can come before the answer to the call that opened its channel.
        retry();
    }

    private void retry() {
        var waiting = List.copyOf(early);
        early.clear();
        waiting.forEach(this::take);
    }

    private synchronized void end() {
        opening--;
        retry();
    }

    /** Opens all again on a new connection, under their numbers. */
    void again(Link.Asking asking) throws InterruptedException {
        for (var channel : all()) {
            try {
                asking.ask("openChannel", new Calls.OpenChannel(OptionalLong.of(channel.number)), _ -> {});
            } catch (HamException e) {
                if (e.code() == Code.NOT_CONNECTED) {
                    throw e;
                }
                LOG.log(Level.WARNING, "channel " + channel.number + " gets no pulses: " + e.getMessage());
            }
        }
    }

    private synchronized List<Receiving> all() {
        return List.copyOf(open.values());
    }

    /** A pulse has come; it is answered as soon as it is in this program's hands. */
    synchronized void take(Message.Request request) {
        try {
            var sent = Reading.LENIENT.read(request.params(), Calls.Send.class, "pulse");
            var channel = open.get(sent.channel());
            if (channel == null && opening > 0 && early.size() < EARLY) {
                early.add(request);
            } else if (channel == null) {
                refuse(request, new HamException(Code.NOT_FOUND, "there is no channel " + sent.channel()));
            } else if (channel.queue.offer(sent.pulse())) {
                answer.accept(Message.reply(request.id(), new Calls.Nothing()));
            } else {
                refuse(
                        request,
                        new HamException(Code.LIMIT, "channel " + sent.channel() + " is full, its receiver is slow"));
            }
        } catch (HamException e) {
            refuse(request, e);
        }
    }

    private void refuse(Message.Request request, HamException why) {
        answer.accept(Message.failure(request.id(), Fault.of(why)));
    }

    private synchronized boolean forget(Receiving channel) {
        return open.remove(channel.number, channel);
    }

    void close() {
        for (var channel : all()) {
            forget(channel);
            channel.queue.close();
        }
    }

    /** One channel. */
    private final class Receiving implements PulseChannel {
        final Handing<Pulse> queue;
        private volatile int number;

        Receiving(Consumer<Pulse> receiver) {
            queue = new Handing<>("ham-client-pulses", pulse -> hand(receiver, pulse));
        }

        void start() {
            queue.start();
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public void close() {
            if (forget(this)) {
                try {
                    remote.change("closeChannel", new Calls.Channel(number), _ -> {});
                } finally {
                    queue.close();
                }
            }
        }
    }

    private static void hand(Consumer<Pulse> receiver, Pulse pulse) {
        try {
            receiver.accept(pulse);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The receiver of a channel failed; the pulse was taken", e);
        }
    }
}
