package org.ham.crash;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What every probe calls: counts the pass, and ends the process where the page says so. Thread-safe. */
final class Probe implements BiConsumer<Object, Object> {
    private static final String BEFORE = " before";
    private static final String AFTER = " after";

    /** Where the way of a recovery is only rehearsed: one point for all of it. */
    private static final String WARM_UP = "warm-up";

    private static final String WRITE = "LocalDisk.Steady.write";

    /** Ends this process at once. */
    interface Death {
        void now();
    }

    private final CrashPage page;
    private final long pid;
    private final long born;
    private final boolean guardian;
    private final Death death;
    private final ThreadLocal<Boolean> broken = ThreadLocal.withInitial(() -> false);

    Probe(CrashPage page, long pid, long born, boolean guardian, Death death) {
        this.page = page;
        this.pid = pid;
        this.born = born;
        this.guardian = guardian;
        this.death = death;
    }

    @Override
    public void accept(Object point, Object objects) {
        if (broken.get()) {
            death.now();
        }
        if (!page.isVictim(pid, born, guardian)) {
            return;
        }
        var name = (String) point;
        var all = (@Nullable Object[]) objects;
        if (Thread.currentThread().getName().endsWith(WARM_UP)) {
            pass(WARM_UP + moment(name));
            return;
        }
        var about = Details.of(name, all);
        var whole = name.substring(0, name.lastIndexOf(' ')) + (about.isEmpty() ? "" : " " + about);
        pass(whole + moment(name));
        if (name.equals(WRITE + BEFORE) && all[1] instanceof ByteBuffer source && source.remaining() > 1) {
            breakOff(whole, source);
        }
    }

    private static String moment(String name) {
        return name.endsWith(BEFORE) ? BEFORE : AFTER;
    }

    private void pass(String name) {
        if (page.pass(name, pid)) {
            death.now();
        }
    }

    /** A part is written, then comes death: when the method returns, which is a probe again. */
    private void breakOff(String whole, ByteBuffer source) {
        if (page.pass(whole + " broken-off", pid)) {
            source.limit(source.position() + page.cut(source.remaining()));
            broken.set(true);
        }
    }
}
