package org.ham.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Memory that a test shares with every process of its HAM: which point is armed and for whom, who died at it, and how often
 * each point was passed. Thread-safe across processes, but for arming, which is one test's alone.
 */
public final class CrashPage {
    /** Whom a point is armed for, beside a pid: the Guardian that starts next. */
    public static final long NEXT_GUARDIAN = -1;

    /** The node that starts next and is nobody's Guardian. */
    public static final long NEXT_HAM = -2;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int HASH = 8;
    private static final int COUNTDOWN = 16;
    private static final int VICTIM = 24;
    private static final int ROUND = 32;
    private static final int SITUATION = 40;
    private static final int FIRED = 48;
    private static final int CUT = 56;
    private static final int STARTED = 64;
    private static final int PIDS = 512;
    private static final int MOST_PIDS = 128;

    private static final int POINTS = 4096;
    private static final int MOST_POINTS = 4096;
    private static final int COUNTS = 8;
    private static final int SITUATIONS = 10;
    private static final int LENGTH = COUNTS + SITUATIONS * 8;
    private static final int NAME = LENGTH + 8;
    private static final int STRIDE = 256;
    private static final int BYTES = POINTS + MOST_POINTS * STRIDE;

    private final ByteBuffer memory;

    private CrashPage(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Maps a file, and makes it when it is not there. */
    public static CrashPage open(Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new CrashPage(channel.map(MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.nativeOrder()));
        }
    }

    /**
     * Arms a point.
     *
     * @param point its name; empty to count only
     * @param occurrence at which time that the victim passes it, from 1
     * @param victim a pid, or one of the constants
     * @param situation under which number passes are counted, 0 to 9
     * @param cut how much of a write that is broken off gets through, in thousandths
     */
    public void arm(String point, long occurrence, long victim, int situation, int cut) {
        set(VICTIM, 0);
        set(HASH, point.isEmpty() ? 0 : hash(point));
        set(COUNTDOWN, occurrence);
        set(SITUATION, situation);
        set(CUT, cut);
        set(FIRED, 0);
        var _ = (long) LONG.getAndAdd(memory, ROUND, 1L);
        set(VICTIM, victim);
    }

    /** Nobody dies or counts any more. */
    public void disarm() {
        set(VICTIM, 0);
    }

    /** The pid of who died at the armed point; 0 as long as nobody did. */
    public long fired() {
        return get(FIRED);
    }

    /** All points that were passed in a situation, and how often, by name. */
    public Map<String, Long> passed(int situation) {
        var found = new TreeMap<String, Long>();
        for (var at = POINTS; at < BYTES; at += STRIDE) {
            var count = get(at + COUNTS + situation * 8);
            if (count > 0) {
                found.put(name(at), count);
            }
        }
        return found;
    }

    /** Forgets how often points were passed in a situation. */
    public void forget(int situation) {
        for (var at = POINTS; at < BYTES; at += STRIDE) {
            set(at + COUNTS + situation * 8, 0);
        }
    }

    /** The processes with the agent that started last, dead or alive. */
    public List<Long> started() {
        var pids = new ArrayList<Long>();
        for (var i = 0; i < MOST_PIDS; i++) {
            var pid = get(PIDS + i * 8);
            if (pid != 0) {
                pids.add(pid);
            }
        }
        return pids;
    }

    /** Enters a process that has just started; the round it was born in. */
    long enter(long pid) {
        var place = (long) LONG.getAndAdd(memory, STARTED, 1L) % MOST_PIDS;
        set(PIDS + (int) place * 8, pid);
        return get(ROUND);
    }

    /** Whether a process is the one that the armed point is for. */
    boolean isVictim(long pid, long born, boolean guardian) {
        var victim = get(VICTIM);
        return victim == pid || victim == (guardian ? NEXT_GUARDIAN : NEXT_HAM) && born >= get(ROUND);
    }

    /** Counts a pass of the victim; whether it is to die here. */
    boolean pass(String name, long pid) {
        var hash = hash(name);
        var at = find(hash, name);
        if (at.isPresent()) {
            var _ = (long) LONG.getAndAdd(memory, at.get() + COUNTS + (int) get(SITUATION) * 8, 1L);
        }
        return get(HASH) == hash
                && (long) LONG.getAndAdd(memory, COUNTDOWN, -1L) == 1
                && LONG.compareAndSet(memory, FIRED, 0L, pid);
    }

    /** How much of a write gets through that is broken off: at least one byte, never all. */
    int cut(int length) {
        return Math.max(1, Math.min(length - 1, (int) (length * get(CUT) / 1000)));
    }

    private Optional<Integer> find(long hash, String name) {
        for (var i = 0; i < MOST_POINTS; i++) {
            var at = POINTS + (int) Math.floorMod(hash + i, (long) MOST_POINTS) * STRIDE;
            if (get(at) == hash) {
                return Optional.of(at);
            }
            if (get(at) == 0 && LONG.compareAndSet(memory, at, 0L, hash)) {
                var bytes = name.getBytes(UTF_8);
                var length = Math.min(bytes.length, STRIDE - NAME);
                memory.put(at + NAME, bytes, 0, length);
                set(at + LENGTH, length);
                return Optional.of(at);
            }
            if (get(at) == hash) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private String name(int at) {
        var bytes = new byte[(int) get(at + LENGTH)];
        memory.get(at + NAME, bytes);
        return new String(bytes, UTF_8);
    }

    /** FNV-1a, never 0. */
    private static long hash(String name) {
        var hash = 0xcbf29ce484222325L;
        for (var b : name.getBytes(UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }

    private long get(int at) {
        return (long) LONG.getVolatile(memory, at);
    }

    private void set(int at, long value) {
        LONG.setVolatile(memory, at, value);
    }
}
