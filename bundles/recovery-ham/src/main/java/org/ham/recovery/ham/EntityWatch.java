package org.ham.recovery.ham;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.recovery.RetryPolicy.Attempts;

/**
 * What HAM says of an entity while somebody wants to know. Thread-safe.
 *
 * <p>A thread subscribes, then asks how the entity stands, and stays as long as there are users: what happens before the question is
 * in the answer, what happens after it is heard. Only that thread ever waits for HAM.
 */
final class EntityWatch {
    private static final Logger LOG = System.getLogger(EntityWatch.class.getName());

    private final Ham ham;
    private final String entity;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Attempts> users = new HashSet<>();

    /** Those who are not to wait whatever HAM says. */
    private final Set<Attempts> released = new HashSet<>();

    private boolean isFollowed;
    private boolean isDead;

    /** Since it is followed. */
    private boolean hasHeard;

    EntityWatch(Ham ham, String entity) {
        this.ham = ham;
        this.entity = entity;
    }

    void enter(Attempts user) {
        lock.lock();
        try {
            users.add(user);
            if (isFollowed) {
                return;
            }
            isFollowed = true;
            isDead = false;
            hasHeard = false;
        } finally {
            lock.unlock();
        }
        Thread.ofPlatform().daemon().name("ham-recovery-" + entity).start(this::follow);
    }

    void leave(Attempts user) {
        lock.lock();
        try {
            users.remove(user);
            released.remove(user);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets one go that waits here, now or the next time. */
    void release(Attempts user) {
        lock.lock();
        try {
            if (users.contains(user)) {
                released.add(user);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the entity is not known to be dead, the user was released, or the time is over. */
    void awaitNotDead(Attempts user, Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (var left = most.toNanos(); left > 0 && isDead && !released.contains(user); ) {
                left = changed.awaitNanos(left);
            }
            released.remove(user);
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        try (var _ = ham.subscribe(Long.MAX_VALUE, this::heard, this::ended)) {
            ham.find(entity).ifPresent(this::stands);
            awaitNobody();
        } catch (RuntimeException e) {
            // Whatever it is, the back-off goes on.
            ended(e);
        }
    }

    private void stands(EntityView view) {
        lock.lock();
        try {
            // It may run because its death was not noticed yet: only the opposite says something.
            if (!hasHeard && view.status().equals("dead")) {
                isDead = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void heard(Event event) {
        if (event.entity().filter(entity::equals).isEmpty()) {
            return;
        }
        switch (event.type()) {
            case "death" -> known(true);
            case "started", "attached", "ready" -> known(false).forEach(Attempts::wake);
            case "detached", "gone", "unattached" -> known(false);
            default -> {}
        }
    }

    private List<Attempts> known(boolean dead) {
        lock.lock();
        try {
            isDead = dead;
            hasHeard = true;
            changed.signalAll();
            return List.copyOf(users);
        } finally {
            lock.unlock();
        }
    }

    /** HAM says no more: from now on the back-off decides, until the next recovery asks again. */
    private void ended(RuntimeException why) {
        lock.lock();
        try {
            isDead = false;
            isFollowed = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LOG.log(Level.INFO, entity + ": HAM does not tell when it is back, trying by back-off: " + why.getMessage());
    }

    private void awaitNobody() {
        lock.lock();
        try {
            while (isFollowed && !users.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            isFollowed = false;
        } finally {
            lock.unlock();
        }
    }
}
