package org.ham.detector.heartbeat;

import org.ham.api.HeartbeatPage;
import org.ham.linux.SharedPage;

/**
 * The beats in a page. One of another user is read by system calls, since that user may cut the file short at any time, which
 * a plain read would not survive. Thread-safe.
 */
record PageSlots(SharedPage page, boolean trusted) implements Slots {
    /** What a page begins with. */
    static void fill(SharedPage page) {
        page.setRelease(HeartbeatPage.VERSION_AT, HeartbeatPage.VERSION);
        page.setRelease(HeartbeatPage.USED, 1);
        page.setRelease(0, HeartbeatPage.MAGIC);
    }

    boolean isValid() {
        return get(0) == HeartbeatPage.MAGIC && get(HeartbeatPage.VERSION_AT) == HeartbeatPage.VERSION;
    }

    @Override
    public int used() {
        return Math.clamp(get(HeartbeatPage.USED), 1, HeartbeatPage.SLOTS);
    }

    @Override
    public boolean taken(int slot) {
        return get(HeartbeatPage.slot(slot) + HeartbeatPage.TAKEN) == 1;
    }

    @Override
    public long beat(int slot) {
        return get(HeartbeatPage.slot(slot));
    }

    @Override
    public void close() {
        page.close();
    }

    /** A page that was cut short tells nothing any more, so its process falls silent. */
    private long get(int offset) {
        return trusted ? page.getAcquire(offset) : page.tryRead(offset).orElse(0);
    }
}
