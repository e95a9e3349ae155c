package org.ham.detector.notify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.ham.api.ProcessId;
import org.ham.detector.notify.Complaints.Kind;
import org.ham.linux.Datagram;
import org.ham.linux.PassedDescriptor;
import org.ham.linux.Peer;
import org.ham.spi.LoopTask;

/**
 * Takes in datagrams: finds out who sent them, and hands on what they say. Thread-safe.
 *
 * <p>Datagrams come on the thread that carries out recoveries. What can be told from the kernel's record of kinship is done
 * right there; looking into a process's environment may take as long as that process likes, so it is left to another thread.
 */
final class Postbox implements Consumer<Datagram>, LoopTask {
    /** For how long a stranger's further messages are refused without a look. */
    static final long STRANGER_NANOS = 1_000_000_000;

    private static final int MOST_STRANGERS = 1024;

    private final Kin kin;
    private final Senders senders;
    private final Sayings sayings;
    private final Complaints complaints;
    private final Aside aside;
    private final LongSupplier clock;
    private final LongFunction<Optional<ProcessId>> identify;
    private final Map<String, Long> strangers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_STRANGERS;
        }
    };

    /**
     * A box that passes on.
     *
     * @param identify the living process under a pid
     */
    Postbox(
            Kin kin,
            Senders senders,
            Sayings sayings,
            Complaints complaints,
            Aside aside,
            LongSupplier clock,
            LongFunction<Optional<ProcessId>> identify) {
        this.kin = kin;
        this.senders = senders;
        this.sayings = sayings;
        this.complaints = complaints;
        this.aside = aside;
        this.clock = clock;
        this.identify = identify;
    }

    @Override
    public void accept(Datagram datagram) {
        var sender = datagram.sender();
        try {
            if (datagram.isCut()) {
                throw new BadMessageException("it is longer than " + MessageParser.MOST_BYTES + " bytes");
            }
            var message = MessageParser.parse(datagram.bytes());
            if (!message.problems().isEmpty()) {
                complaints.tell(Kind.MALFORMED, () -> "In a message of " + name(sender) + ": " + message.problems());
            }
            if (message.barrier()) {
                release(datagram);
            } else {
                take(message, sender);
            }
        } catch (BadMessageException e) {
            complaints.tell(Kind.MALFORMED, () -> "A message of " + name(sender) + " is refused: " + e.getMessage());
        }
    }

    /** Whoever waits at a barrier wants to know that all it said before was taken in, itself or through others. */
    private void release(Datagram datagram) {
        var held = new ArrayList<>(datagram.takeDescriptors());
        aside.afterwards(() -> held.forEach(PassedDescriptor::close));
    }

    private void take(Message message, Peer sender) {
        synchronized (this) {
            var who = senders.quick(sender);
            var main = who.flatMap(_ -> main(message));
            if (who.isPresent()
                    && (message.mainPid().isEmpty()
                            || main.isPresent() && belongs(main.get(), who.get().entity()))) {
                sayings.take(message, who.get(), main, clock.getAsLong());
                return;
            }
            if (who.isEmpty() && isKnownStranger(sender)) {
                complaints.tell(Kind.STRANGER, () -> refusal(sender));
                return;
            }
        }
        if (!aside.later(() -> takeThoroughly(message, sender))) {
            complaints.tell(
                    Kind.TOO_MANY,
                    () -> "A message of " + name(sender) + " is lost: too many of processes that"
                            + " have to be looked at closely");
        }
    }

    private void takeThoroughly(Message message, Peer sender) {
        var who = senders.thorough(sender);
        if (who.isEmpty()) {
            complaints.tell(Kind.STRANGER, () -> refusal(sender));
            synchronized (this) {
                strangers.put(key(sender), clock.getAsLong() + STRANGER_NANOS);
            }
            return;
        }
        var entity = who.get().entity();
        var main = main(message).filter(process -> belongs(process, entity) || isInSession(process, entity));
        if (message.mainPid().isPresent() && main.isEmpty()) {
            complaints.tell(
                    Kind.MAIN_PROCESS,
                    () -> "MAINPID=" + message.mainPid().getAsLong() + " of entity '" + entity
                            + "' is refused: that is no living process of the entity");
        }
        synchronized (this) {
            sayings.take(message, who.get(), main, clock.getAsLong());
        }
    }

    private Optional<ProcessId> main(Message message) {
        return message.mainPid().isEmpty()
                ? Optional.empty()
                : identify.apply(message.mainPid().getAsLong())
                        .filter(found -> message.mainInode().isEmpty()
                                || found.inode() == 0
                                || found.inode() == message.mainInode().getAsLong());
    }

    /** Never one of HAM's own, and never the process of another entity: those are their own kin first. */
    private boolean belongs(ProcessId process, String entity) {
        return kin.of(process.pid(), process.startTime())
                .filter(member -> member.entity().equals(entity))
                .isPresent();
    }

    /** It must be in the session of the entity's start: no user is named, so that its own word for it does not do. */
    private boolean isInSession(ProcessId process, String entity) {
        return kin.of(process.pid(), process.startTime()).isEmpty()
                && kin.byEnvironment(process.pid(), process.startTime(), -1)
                        .filter(member -> member.entity().equals(entity))
                        .isPresent();
    }

    private boolean isKnownStranger(Peer sender) {
        var until = strangers.get(key(sender));
        return until != null && clock.getAsLong() < until;
    }

    private static String key(Peer sender) {
        return sender.pid() + "."
                + sender.process().map(p -> p.inode() + "." + p.startTime()).orElse("");
    }

    private static String refusal(Peer sender) {
        return "A message of " + name(sender) + " is refused: it is no process of an entity"
                + (sender.process().filter(p -> p.startTime() != 0).isPresent()
                        ? ""
                        : ", or it ended too soon to tell");
    }

    private static String name(Peer sender) {
        return "process " + sender.pid() + ", user " + sender.uid() + ",";
    }

    @Override
    public long turned(long seq, long nowNanos) {
        synchronized (this) {
            return sayings.turn(nowNanos);
        }
    }
}
