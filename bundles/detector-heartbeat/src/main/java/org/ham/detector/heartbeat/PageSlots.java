package org.ham.detector.heartbeat;

import java.util.Arrays;
import org.ham.api.HeartbeatPage;
import org.ham.linux.SharedPage;

/**
 * The beats in a page. One of another user is read by a system call, one for each look, since that user may cut the file short at
 * any time, which a plain read would not survive. Confined to the judge's thread.
 */
final class PageSlots implements Slots {
    private final SharedPage page;
    private final boolean trusted;

    /** What an untrusted page held at the last look: the header and all slots that have ever been used. */
    private long[] copy = new long[longs(1)];

    /**
     * The slots of a page.
     *
     * @param trusted whether it belongs to the user of this process
     */
    PageSlots(SharedPage page, boolean trusted) {
        this.page = page;
        this.trusted = trusted;
    }

    private static int longs(int slots) {
        return HeartbeatPage.slot(slots) / Long.BYTES;
    }

    /** What a page begins with. */
    static void fill(SharedPage page) {
        page.setRelease(HeartbeatPage.VERSION_AT, HeartbeatPage.VERSION);
        page.setRelease(HeartbeatPage.USED, 1);
        page.setRelease(0, HeartbeatPage.MAGIC);
    }

    boolean isValid() {
        used();
        return get(0) == HeartbeatPage.MAGIC && get(HeartbeatPage.VERSION_AT) == HeartbeatPage.VERSION;
    }

    /** Asked first at each look. */
    @Override
    public int used() {
        if (!trusted) {
            look();
        }
        return count();
    }

    private int count() {
        return Math.clamp(get(HeartbeatPage.USED), 1, HeartbeatPage.SLOTS);
    }

    /** A page that was cut short tells nothing any more, so its process falls silent. */
    private void look() {
        if (!page.tryRead(0, copy)) {
            Arrays.fill(copy, 0);
        }
        if (longs(count()) > copy.length) {
            copy = new long[longs(count())];
            look();
        }
    }

    @Override
    public boolean taken(int slot) {
        return get(HeartbeatPage.slot(slot) + HeartbeatPage.TAKEN) == 1;
    }

    @Override
    public long beat(int slot) {
        return get(HeartbeatPage.slot(slot));
    }

    private long get(int offset) {
        if (trusted) {
            return page.getAcquire(offset);
        }
        var at = offset / Long.BYTES;
        return at < copy.length ? copy[at] : 0;
    }

    @Override
    public void close() {
        page.close();
    }
}
