package org.ham.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.NodeName;
import org.ham.api.Pulse;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.linux.UnixSockets;
import org.ham.spi.Nodes;
import org.ham.wire.BadMessageException;
import org.ham.wire.Budget;
import org.ham.wire.Calls;
import org.ham.wire.Fault;
import org.ham.wire.LineReader;
import org.ham.wire.Message;
import org.ham.wire.Params;
import org.ham.wire.Reading;
import org.jspecify.annotations.Nullable;

/** Asks other nodes one thing at a time, over their sockets in the run-dir as any program would. Thread-safe. */
final class NodeCalls implements Nodes {
    private static final int LONGEST_LINE = 1 << 20;
    private static final long ID = 1;

    private final Set<String> known;
    private final Path folder;
    private final UnixSockets sockets;
    private final Limits limits;
    private final Clock clock;

    NodeCalls(Set<String> known, Path folder, UnixSockets sockets, Limits limits, Clock clock) {
        this.known = Set.copyOf(known);
        this.folder = folder;
        this.sockets = sockets;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public void pulse(String node, long pid, int channel, Pulse pulse) throws InterruptedException {
        ask(node, "pulse", Params.with(new Calls.SendPulse(pid, channel, pulse), Calls.REQUEST, pulse.id()));
    }

    @Override
    public void signal(String node, long pid, Signal signal, String request) throws InterruptedException {
        ask(
                node,
                "signal",
                Params.with(
                        new Calls.SendSignal(pid, signal.name(), signal.value(), signal.group()),
                        Calls.REQUEST,
                        request));
    }

    private void ask(String node, String method, Params params) throws InterruptedException {
        if (!known.contains(NodeName.require(node))) {
            throw new HamException(
                    Code.NOT_FOUND,
                    "no node '" + node + "' with an address; "
                            + (known.isEmpty()
                                    ? "none is named in nodes.known"
                                    : "known are: " + String.join(", ", new TreeSet<>(known))));
        }
        var asking = new Asking(node, Message.request(ID, method, params));
        var worker = Thread.ofVirtual().name("ham-node-call").start(asking);
        try (var _ = clock.within(limits.answerWithin(), asking::expire)) {
            asking.await();
        } finally {
            asking.expire();
            worker.join();
        }
    }

    /**
     * One request, on a thread of its own as an interrupt ends no read. It goes on under its id over the next connection when one is
     * lost, as long as there is time.
     */
    private final class Asking implements Runnable {
        private final String node;
        private final byte[] line;
        private final CompletableFuture<Optional<HamException>> answer = new CompletableFuture<>();
        private final CountDownLatch late = new CountDownLatch(1);
        private volatile @Nullable UnixConnection connection;
        private boolean unknown;

        Asking(String node, byte[] line) {
            this.node = node;
            this.line = line;
        }

        /** Waits for the answer; throws it when it is a refusal. */
        void await() throws InterruptedException {
            try {
                var refused = answer.get();
                if (refused.isPresent()) {
                    throw new HamException(
                            refused.get().code(), String.valueOf(refused.get().getMessage()), refused.get());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("asking node " + node + " failed", e);
            }
        }

        @Override
        public void run() {
            try {
                var refused = ask();
                while (again(refused)) {
                    refused = ask();
                }
                answer.complete(refused);
            } catch (InterruptedException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        private boolean again(Optional<HamException> refused) throws InterruptedException {
            var code = refused.map(HamException::code).orElse(Code.INVALID);
            unknown |= code == Code.TIMED_OUT;
            return (code == Code.NOT_CONNECTED || code == Code.TIMED_OUT)
                    && !late.await(limits.again().toNanos(), TimeUnit.NANOSECONDS);
        }

        private Optional<HamException> ask() {
            try (var open = sockets.connect(folder.resolve(node + ".sock"))) {
                connection = open;
                if (late.getCount() == 0) {
                    throw lost("too late");
                }
                open.out().write(line);
                var reader = new LineReader(open.in(), LONGEST_LINE, new Budget(LONGEST_LINE));
                for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                    if (answered(Message.read(next.get(), Message.VALUES))) {
                        return Optional.empty();
                    }
                }
                return Optional.of(lost("the connection ended"));
            } catch (HamException e) {
                return Optional.of(
                        unknown && e.code() == Code.NOT_CONNECTED ? lost(String.valueOf(e.getMessage())) : e);
            } catch (LinuxException e) {
                var none = "no way to node '" + node + "': " + e.getMessage();
                return Optional.of(unknown ? lost(none) : new HamException(Code.NOT_CONNECTED, none, e));
            } catch (BadMessageException | IOException e) {
                return Optional.of(lost(String.valueOf(e.getMessage())));
            }
        }

        private HamException lost(String why) {
            return new HamException(
                    Code.TIMED_OUT, "no answer from node '" + node + "' (" + why + "); it may have been carried out");
        }

        void expire() {
            late.countDown();
            var open = connection;
            if (open != null) {
                open.close();
            }
        }
    }

    /** Whether this is the answer; throws it when it is a refusal. */
    private static boolean answered(Message message) {
        switch (message) {
            case Message.Reply _ -> {
                return true;
            }
            case Message.Failure failure -> throw failure.fault().exception();
            case Message.Notice notice
            when notice.method().equals("bye") -> {
                var bye = Reading.LENIENT.read(notice.params(), Calls.Bye.class, "bye");
                var why = new Fault(0, bye.message(), bye.errno()).exception();
                throw why.code() == Code.FAILED ? new HamException(Code.NOT_CONNECTED, bye.message(), why) : why;
            }
            case Message.Notice _, Message.Request _ -> {
                return false;
            }
        }
    }
}
