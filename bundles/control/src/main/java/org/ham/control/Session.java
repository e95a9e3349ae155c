package org.ham.control;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.ham.api.EntityHandle;
import org.ham.api.EntityKind;
import org.ham.api.EntityView;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.api.Subscription;
import org.ham.spi.ServedHam;
import org.ham.wire.Calls;
import org.ham.wire.Outbox;

/** What one client has open in the HAM. Thread-safe. */
final class Session implements AutoCloseable {
    /** A stream, and the core's end of it once that is there. */
    private static final class Following {
        final Stream stream;
        volatile Optional<Subscription> subscription = Optional.empty();

        Following(Stream stream) {
            this.stream = stream;
        }

        void close() {
            stream.close();
            subscription.ifPresent(Subscription::close);
        }
    }

    private final Service service;
    private final Caller caller;
    private final ServedHam ham;
    private final Outbox outbox;
    private final Pulsing pulsing;
    private final Runnable noMemory;
    private final Set<String> attached = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Integer, PulseChannel> channels = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, Following> following = new ConcurrentHashMap<>();

    /**
     * @param ham the connection, not guarded
     * @param noMemory called when something for the client cannot be kept
     */
    Session(Service service, Caller caller, ServedHam ham, Outbox outbox, Runnable noMemory) {
        this.service = service;
        this.caller = caller;
        this.ham = ham;
        this.outbox = outbox;
        this.noMemory = noMemory;
        pulsing = new Pulsing(outbox, service.limits().takeWithin(), caller.pid());
    }

    Caller caller() {
        return caller;
    }

    /** The connection as this caller may use it, for a request with an id of the caller's. */
    ServedHam asking(Optional<String> request) {
        // What another node may not do is refused before.
        var guarded = caller.all() || caller.node().isPresent() ? ham : new GuardedHam(ham, caller.uid());
        return scoped(request).map(guarded::asking).orElse(guarded);
    }

    /** The id of a request as no other caller's can be. */
    Optional<String> scoped(Optional<String> request) {
        // Another process's ids are others, whatever it calls them.
        return request.map(id -> caller.scope() + "/" + id);
    }

    /** What sends pulses and signals, if this caller may. */
    Notifying telling() {
        requireAll("send pulses and signals");
        return service.notifying();
    }

    private void requireAll(String what) {
        // What another node may do is decided by its rights, and before.
        if (!caller.all() && caller.node().isEmpty()) {
            throw new HamException(
                    Code.DENIED, "user " + caller.uid() + " may not " + what + ", only root and the HAM's own user");
        }
    }

    Calls.Printed command(Calls.Command asked) {
        requireAll("have commands carried out");
        var runner = service.installed()
                .commands()
                .orElseThrow(
                        () -> new HamException(
                                Code.LIMIT,
                                "nobody carries out commands here, their bundle is not there or does not come back; ask again"));
        var answer = runner.run(asked.words(), caller.actor("command"));
        return new Calls.Printed(answer.out(), answer.err(), answer.exit());
    }

    Pulsing pulsing() {
        return pulsing;
    }

    Calls.Welcome hello(Calls.Hello hello) {
        if (hello.protocol() != Calls.VERSION) {
            throw new HamException(
                    Code.INVALID,
                    "protocol " + hello.protocol() + " is not spoken here; this HAM speaks " + Calls.VERSION);
        }
        var status = ham.status();
        return new Calls.Welcome(
                Calls.VERSION, status.hamPid(), status.epoch(), caller.uid(), caller.pid(), caller.all());
    }

    Calls.Attached attachSelf(ServedHam asking, Calls.AttachSelf asked) {
        var name = HamPath.requireName("entity", asked.name());
        var process = caller.process()
                .orElseThrow(() -> new HamException(
                        Code.FAILED,
                        "entity '" + name + "': the kernel does not tell which process is asking, or it has gone"));
        var within = ham.find(name).flatMap(known -> service.ancestry().within(known, process));
        var entity = asking.attachSelf(name, within, asked.heartbeat(), asked.flags())
                .entity();
        attached.add(name);
        var page = asked.heartbeat().flatMap(_ -> service.page(name, process, caller.uid()));
        return new Calls.Attached(entity, page);
    }

    /** After a takeover it is asked over another connection than the one that attached, and what is gone may have been detached by it. */
    void detachSelf(ServedHam asking, EntityHandle entity) {
        var isAnother =
                ham.find(entity.name()).filter(found -> !isCaller(found)).isPresent();
        if (!attached.remove(entity.name()) && isAnother) {
            throw new HamException(
                    Code.NOT_FOUND, "this process has not attached itself as entity '" + entity.name() + "'");
        }
        asking.detachSelf(entity);
    }

    private boolean isCaller(EntityView found) {
        return found.kind().equals(EntityKind.SELF.word())
                && caller.process()
                        .filter(process -> found.pid().equals(OptionalLong.of(process.pid()))
                                && found.startTime().equals(OptionalLong.of(process.startTime())))
                        .isPresent();
    }

    Calls.Subscribed subscribe(ServedHam asking, Calls.Subscribe asked) {
        if (asked.window().isPresent() && asked.window().getAsLong() < 1) {
            throw new HamException(Code.INVALID, "window: expected at least 1 line");
        }
        if (following.size() >= service.limits().subscriptions()) {
            throw new HamException(
                    Code.LIMIT, "this connection has " + following.size() + " subscriptions, the most it may have");
        }
        var stream = new Stream(asked.subscription(), asked.window(), outbox, noMemory);
        var open = new Following(stream);
        if (following.putIfAbsent(asked.subscription(), open) != null) {
            throw new HamException(
                    Code.EXISTS, "this connection has a subscription " + asked.subscription() + " already");
        }
        try {
            var opened = stream.open(asking, asked.after());
            open.subscription = Optional.of(opened.subscription());
            if (!following.containsKey(asked.subscription())) {
                open.close();
            }
            return new Calls.Subscribed(opened.after());
        } catch (HamException e) {
            following.remove(asked.subscription(), open);
            throw e;
        }
    }

    void unsubscribe(long id) {
        var open = following.remove(id);
        if (open != null) {
            open.close();
        }
    }

    void taken(Calls.Taken taken) {
        var open = following.get(taken.subscription());
        if (open != null) {
            open.stream.taken(taken.seq());
        }
    }

    Calls.Channel openChannel(ServedHam asking, OptionalLong wanted) {
        if (wanted.isPresent() && (wanted.getAsLong() < 1 || wanted.getAsLong() > Integer.MAX_VALUE)) {
            throw new HamException(Code.INVALID, "channel " + wanted.getAsLong() + ": expected a number above 0");
        }
        var numbered = new Numbered();
        var channel = wanted.isPresent()
                ? asking.openChannel(numbered.is((int) wanted.getAsLong()), numbered::pulse)
                : asking.openChannel(numbered::pulse);
        numbered.is(channel.number());
        channels.put(channel.number(), channel);
        return new Calls.Channel(channel.number());
    }

    /** Sends to a channel whose number may not be known yet when the first pulse comes. */
    private final class Numbered {
        private final CompletableFuture<Integer> number = new CompletableFuture<>();

        int is(int known) {
            number.complete(known);
            return known;
        }

        void pulse(Pulse pulse) {
            pulsing.send(number.join(), pulse);
        }
    }

    void closeChannel(int number) {
        var channel = channels.remove(number);
        if (channel != null) {
            channel.close();
        }
    }

    /** No more lines of the journal. */
    void endStreams() {
        following.values().forEach(Following::close);
        following.clear();
    }

    /** The client is gone: what it attached counts as lost unless it comes back in time. */
    @Override
    public void close() {
        pulsing.close();
        endStreams();
        ham.close();
    }
}
