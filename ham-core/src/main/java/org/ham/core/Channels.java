package org.ham.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;

/** The channels that programs have opened, by program and number. Thread-safe. */
final class Channels {
    /** How many channels one program may have open. */
    static final int MOST = 1_000;

    /** So many are remembered that went with their connections. */
    private static final int MOST_LOST = 10_000;

    private record Key(long pid, int number) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final Map<Key, Open> channels = new HashMap<>();
    private final LongSupplier clock;

    /** When those went whose connection broke; their programs may be about to open them again. */
    private final Map<Key, Long> lost = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
            return size() > MOST_LOST;
        }
    };

    Channels(LongSupplier clock) {
        this.clock = clock;
    }

    /** Something that can go with its connection. */
    interface Losable extends PulseChannel {
        /** The connection broke. */
        void lose();
    }

    /** One open channel; a later one of the same number takes its place, as after a reconnection. */
    private final class Open implements Losable {
        final Key key;
        final Consumer<Pulse> receiver;

        Open(Key key, Consumer<Pulse> receiver) {
            this.key = key;
            this.receiver = receiver;
        }

        @Override
        public int number() {
            return key.number;
        }

        @Override
        public void lose() {
            lock.lock();
            try {
                if (channels.remove(key, this)) {
                    lost.put(key, clock.getAsLong());
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                channels.remove(key, this);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Opens the lowest number that is free. */
    PulseChannel open(long pid, Consumer<Pulse> receiver) {
        lock.lock();
        try {
            for (var number = 1; number <= MOST; number++) {
                var key = new Key(pid, number);
                if (!channels.containsKey(key)) {
                    return put(key, receiver);
                }
            }
            throw new HamException(
                    Code.LIMIT, "process " + pid + " has " + MOST + " channels open, the most there may be");
        } finally {
            lock.unlock();
        }
    }

    /** Opens a certain number, again. */
    PulseChannel open(long pid, int number, Consumer<Pulse> receiver) {
        if (number < 1 || number > MOST) {
            throw new HamException(Code.INVALID, "channel " + number + ": expected a number from 1 to " + MOST);
        }
        lock.lock();
        try {
            return put(new Key(pid, number), receiver);
        } finally {
            lock.unlock();
        }
    }

    private PulseChannel put(Key key, Consumer<Pulse> receiver) {
        var channel = new Open(key, receiver);
        channels.put(key, channel);
        lost.remove(key);
        opened.signalAll();
        return channel;
    }

    /** When a channel went with its connection, if it did and was not opened again. */
    OptionalLong lost(long pid, int number) {
        lock.lock();
        try {
            var at = lost.get(new Key(pid, number));
            return at == null ? OptionalLong.empty() : OptionalLong.of(at);
        } finally {
            lock.unlock();
        }
    }

    /** Sends a pulse to a channel, waiting for it to be opened if need be; the receiver is called here. */
    void send(long pid, int number, Pulse pulse, Duration within) throws InterruptedException {
        find(new Key(pid, number), within).receiver.accept(pulse);
    }

    private Open find(Key key, Duration within) throws InterruptedException {
        var left = within.toNanos();
        lock.lockInterruptibly();
        try {
            var channel = channels.get(key);
            while (channel == null) {
                if (left <= 0) {
                    throw new HamException(
                            Code.NOT_FOUND,
                            "process " + key.pid + " has no channel " + key.number + " open for pulses");
                }
                left = opened.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
                channel = channels.get(key);
            }
            return channel;
        } finally {
            lock.unlock();
        }
    }
}
