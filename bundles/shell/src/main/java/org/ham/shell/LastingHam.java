package org.ham.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * The HAM for commands, whichever core carries them out: while the core is being replaced they wait, and what the old one did
 * not get to is asked of the new one. Thread-safe.
 */
final class LastingHam {
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Supervisor lasting = (Supervisor) Proxy.newProxyInstance(
            Supervisor.class.getClassLoader(),
            new Class<?>[] {Supervisor.class},
            (_, method, given) -> call(method, given));
    private @Nullable Supervisor current;

    /** @param patience for how long a call waits for a core */
    LastingHam(Duration patience) {
        this.patience = patience;
    }

    /** The one that commands work with. */
    Supervisor ham() {
        return lasting;
    }

    void come(Supervisor fresh) {
        lock.lock();
        try {
            current = fresh;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void gone(Supervisor old) {
        lock.lock();
        try {
            // The next one may have come already.
            if (current == old) {
                current = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Object call(Method method, Object @Nullable [] given) throws Throwable {
        @Nullable Supervisor before = null;
        var left = patience.toNanos();
        while (true) {
            var wait = new Wait(before, left);
            left = wait.left;
            try {
                return method.invoke(wait.found, given);
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof HamException refused)
                        || refused.code() != Code.NOT_CONNECTED
                        || left <= 0) {
                    throw e.getCause();
                }
                // It was not carried out: that core is about to go, or gone.
                before = wait.found;
            }
        }
    }

    /** Waits for a core that is another one than before. */
    private final class Wait {
        final Supervisor found;
        final long left;

        Wait(@Nullable Supervisor before, long most) throws InterruptedException {
            var rest = most;
            lock.lockInterruptibly();
            try {
                while ((current == null || current == before) && rest > 0) {
                    rest = changed.awaitNanos(Math.min(rest, TimeUnit.DAYS.toNanos(1)));
                }
                if (current == null) {
                    throw new HamException(
                            Code.NOT_CONNECTED,
                            "the core of this HAM is being replaced, and did not come back within "
                                    + patience.toSeconds() + "s; see its log, and ask again");
                }
                found = current;
                left = rest;
            } finally {
                lock.unlock();
            }
        }
    }
}
