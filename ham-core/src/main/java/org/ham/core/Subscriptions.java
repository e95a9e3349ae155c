package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Subscription;
import org.ham.journal.Journal;
import org.ham.journal.JournalGapException;
import org.ham.journal.JournalReader;
import org.jspecify.annotations.Nullable;

/** Reads the journal for listeners, each on a thread of its own, so that a slow one delays nobody. Thread-safe. */
final class Subscriptions {
    private static final Logger LOG = System.getLogger(Subscriptions.class.getName());
    private static final long LOOK_AFTER_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Journal journal;
    private final Published published;

    Subscriptions(Journal journal, Published published) {
        this.journal = journal;
        this.published = published;
    }

    Subscription open(long after, Consumer<Event> listener, Consumer<HamException> ended) {
        if (after < 0) {
            throw new HamException(
                    Code.INVALID, "line " + after + ": lines are numbered from 1, 0 is before the first");
        }
        var begin = Math.min(after, published.state().seq());
        var open = new Open(begin, listener, ended);
        open.thread = Thread.ofVirtual().name("ham-subscription").start(open);
        return open;
    }

    /** One listener's way through the journal. */
    private final class Open implements Subscription, Runnable {
        private final Consumer<Event> listener;
        private final Consumer<HamException> ended;
        private volatile long seq;
        private volatile boolean closed;
        private volatile @Nullable Thread thread;

        Open(long begin, Consumer<Event> listener, Consumer<HamException> ended) {
            this.listener = listener;
            this.ended = ended;
            seq = begin;
        }

        @Override
        public void run() {
            try (var reader = journal.readAfter(seq)) {
                while (!closed) {
                    pass(reader);
                    // Woken by what the core publishes; the look now and then is for a core that was replaced.
                    published.await(state -> closed || state.seq() > seq, LOOK_AFTER_NANOS);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (JournalGapException e) {
                end(new HamException(Code.LIMIT, kept(), e));
            } catch (HamException e) {
                end(e);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A subscription's listener failed; the subscription is ended", e);
                end(new HamException(Code.FAILED, "the listener failed: " + e, e));
            }
        }

        private void pass(JournalReader reader) {
            for (var batch = reader.next(); batch.isPresent() && !closed; batch = reader.next()) {
                for (var event : batch.get().events()) {
                    if (event.seq() <= seq) {
                        continue;
                    }
                    if (seq > 0 && event.seq() != seq + 1) {
                        throw new HamException(Code.LIMIT, kept());
                    }
                    if (closed) {
                        return;
                    }
                    listener.accept(event);
                    seq = event.seq();
                }
            }
        }

        private String kept() {
            return "the lines after " + seq + " are no longer kept; read the tree and subscribe anew";
        }

        private void end(HamException why) {
            if (!closed) {
                ended.accept(why);
            }
        }

        @Override
        public long seq() {
            return seq;
        }

        @Override
        public void close() {
            closed = true;
            var running = thread;
            if (running != null && running != Thread.currentThread()) {
                running.interrupt();
                try {
                    running.join();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
