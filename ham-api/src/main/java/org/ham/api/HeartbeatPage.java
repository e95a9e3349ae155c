package org.ham.api;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.HamException.Code;

/**
 * The page of memory that a process beats into and the HAM looks at: a file of {@value #SIZE} bytes that both have mapped. A
 * beat is one clock read and one store, no system call. Thread-safe; it needs nothing but the JDK.
 *
 * <p>The page has {@value #SLOTS} slots of {@value #STRIDE} bytes, so that no two threads share a cache line. All numbers are
 * longs of the machine's byte order. The header, at 0: {@link #MAGIC}, {@link #VERSION}, and at {@value #USED} how many slots
 * have ever been used. A slot: when it last beat ({@code CLOCK_MONOTONIC} nanoseconds), and at {@value #TAKEN} whether a
 * thread has it. Slot 0 is the process's own and needs not be taken.
 */
public final class HeartbeatPage {
    /** The size of the file. */
    public static final int SIZE = 4096;

    /** How many slots there are. */
    public static final int SLOTS = SIZE / 64 - 1;

    /** The bytes of a slot, and of the header. */
    public static final int STRIDE = 64;

    /** What the file begins with. */
    public static final long MAGIC = 0x48414d2050554c53L;

    /** The version of this layout, behind the magic number. */
    public static final long VERSION = 1;

    /** Where the version stands. */
    public static final int VERSION_AT = 8;

    /** Where it stands how many slots have ever been used. */
    public static final int USED = 16;

    /** Where in a slot it stands whether it is taken: 0 free, 1 taken, 2 about to be. */
    public static final int TAKEN = 8;

    /** The folder of the pages, under the run-dir. */
    public static final String FOLDER = "beats";

    /** In {@code /proc/PID/stat}, counted from what follows the program's name. */
    private static final int START_TIME = 19;

    private static final long LOOK_EVERY_NANOS = 10_000_000;
    private static final long FREE = 0;
    private static final long HELD = 1;
    private static final long CLAIMED = 2;
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final MemorySegment memory;

    private HeartbeatPage(MemorySegment memory) {
        this.memory = memory;
    }

    /** Where a slot begins. */
    public static int slot(int number) {
        return STRIDE * (number + 1);
    }

    /**
     * Maps the page of this process; it stays mapped as long as this object is in use.
     *
     * @param file as the HAM named it
     * @throws HamException {@code FAILED} when it cannot be mapped or is no such page
     */
    public static HeartbeatPage open(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() != SIZE) {
                throw new HamException(Code.FAILED, file + " is no page of beats: it has " + channel.size() + " bytes");
            }
            // Not unmapped by hand: a thread may beat at any time, and a beat never fails.
            var memory = channel.map(MapMode.READ_WRITE, 0, SIZE, Arena.ofAuto());
            if (memory.get(JAVA_LONG, 0) != MAGIC || memory.get(JAVA_LONG, VERSION_AT) != VERSION) {
                throw new HamException(Code.FAILED, file + " is no page of beats of version " + VERSION);
            }
            return new HeartbeatPage(memory);
        } catch (IOException e) {
            throw new HamException(Code.FAILED, "the page of beats " + file + " cannot be mapped: " + e, e);
        }
    }

    /**
     * The page of this process, when HAM started it as an entity with a heartbeat: no connection is needed to beat. It is made
     * right after the start, so it is waited for.
     *
     * @param within how long to wait for it
     * @return empty when HAM did not start this process, or does not listen for its beats
     */
    public static Optional<HeartbeatPage> ofThisProcess(Duration within) {
        var runDir = System.getenv("HAM_RUN_DIR");
        if (runDir == null || runDir.isEmpty() || System.getenv("HAM_ENTITY") == null) {
            return Optional.empty();
        }
        var file = Path.of(runDir, FOLDER).resolve(ownName());
        var until = System.nanoTime() + within.toNanos();
        while (!Files.isReadable(file)) {
            if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return Optional.of(open(file));
    }

    /** The name of a process's file: its pid and when it started, in clock ticks since boot. */
    public static String name(ProcessId process) {
        return process.pid() + "-" + process.startTime();
    }

    private static String ownName() {
        try {
            var stat = Files.readString(Path.of("/proc/self/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return stat.substring(0, stat.indexOf(' ')) + "-" + fields[START_TIME];
        } catch (IOException e) {
            throw new HamException(Code.FAILED, "/proc/self/stat cannot be read: " + e, e);
        }
    }

    /** The process beats ({@code ham_heartbeat}). From the first one on it has to go on, whatever its threads do. */
    public void beat() {
        beat(0);
    }

    private void beat(int slot) {
        LONG.setRelease(memory, (long) slot(slot), System.nanoTime());
    }

    /**
     * Registers a thread, which has to beat for itself from now on: when it stops, the entity misses beats though others go on.
     *
     * @return its beats; closing it ends the registration
     * @throws HamException {@code LIMIT} when all slots are taken
     */
    public Attachment.Beater register() {
        for (var slot = 1; slot < SLOTS; slot++) {
            if (LONG.compareAndSet(memory, (long) slot(slot) + TAKEN, FREE, CLAIMED)) {
                beat(slot);
                use(slot + 1);
                LONG.setRelease(memory, (long) slot(slot) + TAKEN, HELD);
                return new Slot(slot);
            }
        }
        throw new HamException(
                Code.LIMIT, (SLOTS - 1) + " threads are registered for beats already, the most there may be");
    }

    private void use(long count) {
        for (var used = (long) LONG.getAcquire(memory, (long) USED); used < count; ) {
            used = (long) LONG.compareAndExchange(memory, (long) USED, used, count) == used
                    ? count
                    : (long) LONG.getAcquire(memory, (long) USED);
        }
    }

    private final class Slot implements Attachment.Beater {
        private final int number;
        private volatile boolean closed;

        Slot(int number) {
            this.number = number;
        }

        @Override
        public void beat() {
            if (!closed) {
                HeartbeatPage.this.beat(number);
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                LONG.setRelease(memory, (long) slot(number) + TAKEN, FREE);
            }
        }
    }
}
