package org.ham.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;

/** The channels that programs have opened, by program and number. Thread-safe. */
final class Channels {
    /** How many channels one program may have open. */
    static final int MOST = 1_000;

    private record Key(long pid, int number) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final Map<Key, Open> channels = new HashMap<>();

    /** One open channel; a later one of the same number takes its place, as after a reconnection. */
    private final class Open implements PulseChannel {
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
        opened.signalAll();
        return channel;
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
