package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.core.engine.Input;
import org.ham.core.engine.State;
import org.ham.spi.Host;
import org.ham.spi.LoopTask;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns the state. Each turn lets the role work, then HAM's own tasks tell that it lives, then waits in
 * {@link Host#await} for what comes. A turn that throws is counted and reported and the loop goes on; an {@link Error}
 * ends the process, so that the Guardian takes over. Its public methods are thread-safe.
 */
final class Loop implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final int EXIT_ON_ERROR = 70;
    private static final long RETRY_AFTER_NANOS = 100_000_000;
    private static final long JOIN_MILLIS = 10_000;
    private static final long END_SECONDS = 1;

    private final Host host;
    private final int mostWaiting;
    private final Thread thread;
    private final Mailbox mailbox = new Mailbox();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentLinkedQueue<Control> controls = new ConcurrentLinkedQueue<>();

    /** Tasks that were taken out and have not ended yet. */
    private final Set<LoopTask> leaving = ConcurrentHashMap.newKeySet();

    private final List<LoopTask> tasks = new CopyOnWriteArrayList<>();
    private volatile @Nullable Role role;
    private final Published published = new Published();
    private volatile boolean closed;
    private volatile boolean ended;
    private long failedTurns;

    Loop(Host host, int mostWaiting) {
        this.host = host;
        this.mostWaiting = mostWaiting;
        this.thread = Thread.ofPlatform().name("ham-core").daemon().unstarted(this::run);
    }

    /** Begins turning with a role that is made on the loop's thread. */
    CompletableFuture<Void> start(Supplier<Role> first) {
        var begun = ready(first);
        thread.start();
        return begun;
    }

    /** The same without a thread: each {@link #turn} is the caller's, and so is {@link #end}. */
    CompletableFuture<Void> ready(Supplier<Role> first) {
        return control(() -> role = first.get());
    }

    private void run() {
        while (!closed) {
            try {
                turn();
            } catch (RuntimeException e) {
                failedTurns++;
                LOG.log(Level.ERROR, "Turn of the core loop failed, " + failedTurns + " in all; going on", e);
                waitToRetry();
            } catch (Error e) {
                LOG.log(Level.ERROR, "The core loop cannot go on; the Guardian takes over", e);
                Runtime.getRuntime().halt(EXIT_ON_ERROR);
            }
        }
        end();
    }

    /** Ends what turned; after the last turn, on its thread. */
    void end() {
        var last = role;
        if (last != null) {
            last.close();
        }
        tasks.forEach(Loop::end);
        leaving.forEach(this::endOnce);
    }

    private void endOnce(LoopTask task) {
        if (leaving.remove(task)) {
            end(task);
        }
    }

    private void waitToRetry() {
        try {
            host.await(RETRY_AFTER_NANOS);
        } catch (RuntimeException _) {
            // What failed may be the host; this thread must not end by it.
            LockSupport.parkNanos(RETRY_AFTER_NANOS);
        }
    }

    private static void end(LoopTask task) {
        try {
            task.ended();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "A task of the core loop did not end well: "
                            + task.getClass().getName(),
                    e);
        }
    }

    /** Does all that is to be done now, and waits for more. */
    void turn() {
        tellTasks(task -> {
            task.turning();
            return Long.MAX_VALUE;
        });
        for (var control = controls.poll(); control != null; control = controls.poll()) {
            control.run();
        }
        var now = role;
        if (now != null) {
            now.turn();
        }
        var wait = tellTasks(task -> task.turned(state().seq(), host.monotonic()));
        if (now != null) {
            wait = Math.min(wait, untilTurn(now.nextTurn()));
        }
        if (controls.isEmpty() && mailbox.isEmpty() && wait > 0) {
            host.await(wait);
        } else {
            host.await(0);
        }
    }

    private long untilTurn(long when) {
        return when == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, when - host.monotonic());
    }

    private long tellTasks(ToLongFunction<LoopTask> word) {
        var wait = Long.MAX_VALUE;
        for (var task : tasks) {
            try {
                wait = Math.min(wait, word.applyAsLong(task));
            } catch (RuntimeException e) {
                LOG.log(
                        Level.ERROR,
                        "A task of the core loop failed: " + task.getClass().getName(),
                        e);
                wait = Math.min(wait, RETRY_AFTER_NANOS);
            }
        }
        return wait;
    }

    /** Runs something on the loop's thread, before its next turn. */
    CompletableFuture<Void> control(Runnable what) {
        var done = new CompletableFuture<Void>();
        controls.add(new Control(what, done));
        if (ended) {
            refuseAll();
        } else {
            host.wake();
        }
        return done;
    }

    /** Hands in a request that may be refused when too many wait. */
    CompletableFuture<Void> ask(Input input, Actor actor) {
        var reply = new CompletableFuture<Void>();
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            reply.completeExceptionally(new HamException(
                    HamException.Code.LIMIT, mostWaiting + " requests wait for the core already; try again later"));
            return reply;
        }
        var counted = reply.whenComplete((_, _) -> waiting.decrementAndGet());
        mailbox.add(new Request(input, actor, reply));
        if (ended) {
            refuseAll();
        } else {
            host.wake();
        }
        return counted;
    }

    /** What those are told who ask a core that goes: nothing was done. */
    static HamException stopped() {
        return new HamException(HamException.Code.NOT_CONNECTED, "the core is being stopped; ask again");
    }

    /** What is to be run, and who waits for it. */
    private record Control(Runnable what, CompletableFuture<Void> done) {
        void run() {
            try {
                what.run();
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }
    }

    /** Nobody will get to them, so they may be asked of whoever comes next. */
    private void refuseAll() {
        for (var control = controls.poll(); control != null; control = controls.poll()) {
            control.done().completeExceptionally(stopped());
        }
        for (var request = mailbox.poll(); request != null; request = mailbox.poll()) {
            if (request.reply() != null) {
                request.reply().completeExceptionally(stopped());
            }
        }
    }

    /** Hands in a report; never refused. */
    void report(Input input, Actor actor) {
        mailbox.add(new Request(input, actor, null));
        host.wake();
    }

    Mailbox mailbox() {
        return mailbox;
    }

    /** Publishes a state to readers; the loop's thread only. */
    void publish(State next) {
        published.publish(next);
    }

    /** The latest published state. */
    State state() {
        return published.state();
    }

    /** Where the published state can be waited for. */
    Published published() {
        return published;
    }

    @Nullable
    Role role() {
        return role;
    }

    void role(Role next) {
        role = next;
    }

    void add(LoopTask task) {
        tasks.add(task);
        host.wake();
    }

    /** It has ended when this returns, unless the loop has been busy for a second. */
    void remove(LoopTask task) {
        if (!tasks.remove(task) || !thread.isAlive()) {
            return;
        }
        if (Thread.currentThread().equals(thread)) {
            end(task);
            return;
        }
        leaving.add(task);
        try {
            control(() -> endOnce(task)).get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.log(Level.WARNING, "A task of the core loop ends late: " + task, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        host.wake();
        try {
            thread.join(JOIN_MILLIS);
            if (thread.isAlive()) {
                LOG.log(Level.ERROR, "The core loop did not stop within {0} ms", JOIN_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            refuseAll();
            published.close();
        }
    }
}
