package org.ham.control;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.ham.api.Actor;
import org.ham.api.Attachment;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.api.Status;
import org.ham.api.Subscription;
import org.ham.api.Tree;
import org.ham.spi.Connections;
import org.ham.spi.ServedHam;
import org.jspecify.annotations.Nullable;

/**
 * A HAM in memory, as far as the socket needs one: it outlives the servers that serve it, as the journal outlives a HAM. Every call is
 * written down. Thread-safe.
 */
final class MemoryHam implements Connections {
    private final Map<String, EntityView> entities = new TreeMap<>();
    private final List<Event> journal = new ArrayList<>();
    private final Set<String> requests = new HashSet<>();
    private final Map<Integer, Consumer<Pulse>> channels = new TreeMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Actor> actors = new CopyOnWriteArrayList<>();
    final List<Optional<ProcessId>> processes = new CopyOnWriteArrayList<>();
    final Set<String> attached = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private int holds;
    private int waiting;
    int closed;

    static EntityView view(String name, long owner, OptionalLong pid, OptionalLong start) {
        return new EntityView(
                name,
                "external",
                "running",
                pid,
                start,
                0,
                true,
                0,
                "2026-01-01T00:00:00Z",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                7,
                Optional.empty(),
                false,
                "",
                owner);
    }

    synchronized void has(EntityView view) {
        entities.put(view.name(), view);
    }

    /** From now on changes wait until {@link #release}. */
    synchronized void hold() {
        holds = 1;
    }

    synchronized void release() {
        holds = 0;
        notifyAll();
    }

    /** How many calls wait. */
    synchronized int waiting() {
        return waiting;
    }

    /** The ids of requests that came. */
    synchronized Set<String> requests() {
        return Set.copyOf(requests);
    }

    synchronized int closed() {
        return closed;
    }

    synchronized int channels() {
        return channels.size();
    }

    /** Writes lines into the journal. */
    synchronized void happen(int count) {
        for (var i = 0; i < count; i++) {
            journal.add(event(journal.size() + 1));
        }
        notifyAll();
    }

    static Event event(long seq) {
        return new Event(
                seq,
                1,
                Instant.EPOCH,
                seq,
                "state",
                Optional.of("web"),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(4711),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.of(new Actor("test", 0, 1)),
                Map.of("text", "x".repeat(200)));
    }

    static Pulse pulse(int value) {
        return new Pulse(5, value, "inv-" + value, HamPath.parse("web/died/tell"), event(3));
    }

    void send(int channel, Pulse pulse) {
        Consumer<Pulse> receiver;
        synchronized (this) {
            receiver = channels.get(channel);
        }
        if (receiver == null) {
            throw new HamException(Code.NOT_FOUND, "no channel " + channel);
        }
        receiver.accept(pulse);
    }

    @Override
    public ServedHam open(Actor actor, Optional<ProcessId> process) {
        actors.add(actor);
        processes.add(process);
        return served(new One(actor));
    }

    private static ServedHam served(InvocationHandler one) {
        return (ServedHam)
                Proxy.newProxyInstance(MemoryHam.class.getClassLoader(), new Class<?>[] {ServedHam.class}, one);
    }

    /** A connection. */
    private final class One implements InvocationHandler {
        private final Actor actor;

        One(Actor actor) {
            this.actor = actor;
        }

        @Override
        public @Nullable Object invoke(Object proxy, java.lang.reflect.Method method, Object[] given) throws Throwable {
            var args = given == null ? new Object[0] : given;
            return switch (method.getName()) {
                case "asking" -> served(new One(actor.asking((String) args[0])));
                case "find" -> entity((String) args[0]);
                case "entity" -> new EntityHandle((String) args[0], 7);
                case "tree" -> tree();
                case "status" -> status();
                case "heartbeats" -> {
                    if (args.length == 1) {
                        changed("heartbeats", args);
                    }
                    yield true;
                }
                case "verbosity" -> args.length == 0 ? (Object) 0 : changed(method.getName(), args);
                case "subscribe" -> subscribe((long) args[0], args[1], args[2]);
                case "openChannel" -> openChannel(args);
                case "attachSelf" -> attachSelf(args);
                case "detachSelf" -> {
                    attached.remove(((EntityHandle) args[0]).name());
                    yield changed("detachSelf", args);
                }
                case "close" -> close();
                case "flags" -> Set.of();
                default -> changed(method.getName(), args);
            };
        }

        private @Nullable Object changed(String name, Object[] args) {
            synchronized (MemoryHam.this) {
                waiting++;
                try {
                    while (holds > 0) {
                        MemoryHam.this.wait();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new HamException(Code.FAILED, "interrupted", e);
                } finally {
                    waiting--;
                }
                if (actor.request().isEmpty() || requests.add(actor.request())) {
                    calls.add(name + " "
                            + Arrays.stream(args).map(String::valueOf).toList());
                }
            }
            if (name.equals("attach") && ((EntitySpec) args[0]).name().equals("taken")) {
                throw new HamException(Code.EXISTS, "entity 'taken' exists");
            }
            return switch (name) {
                case "attach" -> new EntityHandle(((EntitySpec) args[0]).name(), 9);
                case "addCondition" -> new org.ham.api.ConditionHandle("web", "died", 11);
                case "addAction" -> new org.ham.api.ActionHandle("web", "died", "tell", 12);
                default -> null;
            };
        }

        private Object attachSelf(Object[] args) {
            var name = (String) args[0];
            changed("attachSelf", args);
            attached.add(name);
            return new Attachment() {
                @Override
                public EntityHandle entity() {
                    return new EntityHandle(name, 7);
                }

                @Override
                public void beat() {}

                @Override
                public Beater register(String thread) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void detach() {
                    throw new UnsupportedOperationException("under the id of the request that attached");
                }

                @Override
                public void close() {
                    detach();
                }
            };
        }

        private @Nullable Object close() {
            synchronized (MemoryHam.this) {
                closed++;
            }
            return null;
        }

        private PulseChannel openChannel(Object[] args) {
            synchronized (MemoryHam.this) {
                var number = args.length == 2 ? (int) args[0] : channels.size() + 1;
                @SuppressWarnings("unchecked")
                var receiver = (Consumer<Pulse>) args[args.length - 1];
                channels.put(number, receiver);
                return new PulseChannel() {
                    @Override
                    public int number() {
                        return number;
                    }

                    @Override
                    public void close() {
                        synchronized (MemoryHam.this) {
                            channels.remove(number, receiver);
                        }
                    }
                };
            }
        }

        @SuppressWarnings("unchecked")
        private Subscription subscribe(long after, Object listener, Object ended) {
            if (after == 13) {
                throw new HamException(Code.INVALID, "line 13 is bad luck");
            }
            return new Reading(after, (Consumer<Event>) listener);
        }
    }

    /** Reads the journal on a thread of its own, as the core does. */
    private final class Reading implements Subscription {
        private final Consumer<Event> listener;
        private final Thread thread;
        private volatile long seq;

        Reading(long after, Consumer<Event> listener) {
            this.listener = listener;
            synchronized (MemoryHam.this) {
                seq = Math.min(after, journal.size());
            }
            thread = Thread.ofVirtual().start(this::run);
        }

        private void run() {
            try {
                while (true) {
                    Event next;
                    synchronized (MemoryHam.this) {
                        while (journal.size() <= seq) {
                            MemoryHam.this.wait();
                        }
                        next = journal.get((int) seq);
                    }
                    listener.accept(next);
                    if (Thread.interrupted()) {
                        return;
                    }
                    seq = next.seq();
                }
            } catch (InterruptedException _) {
                return;
            }
        }

        @Override
        public long seq() {
            return seq;
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized Optional<EntityView> entity(String name) {
        return Optional.ofNullable(entities.get(name));
    }

    private synchronized Tree tree() {
        return new Tree(journal.size(), List.copyOf(entities.values()));
    }

    private static Status status() {
        return new Status(
                ProcessHandle.current().pid(),
                1,
                "2026-01-01T00:00:00Z",
                OptionalLong.empty(),
                false,
                1,
                2,
                3,
                0,
                0,
                0,
                "",
                true);
    }
}
