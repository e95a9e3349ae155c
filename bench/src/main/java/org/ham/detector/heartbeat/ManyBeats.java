package org.ham.detector.heartbeat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.Beating;
import org.ham.api.HeartbeatPage;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.linux.SharedPage;
import org.ham.linux.Urgency;
import org.ham.spi.Monitored;

/**
 * Many entities that beat ten times a second, each into a page of its own, and the thread that watches them: what it costs, and
 * how long after its mark a missed beat is reported. The pages are real, the processes are one thread that beats for all.
 */
public final class ManyBeats implements Verdicts, AutoCloseable {
    private static final long EVERY_NANOS = 100_000_000;
    private static final int LOW = 3;
    private static final HeartbeatSpec SPEC = HeartbeatSpec.of(Duration.ofNanos(EVERY_NANOS), LOW, 0);

    private final Clocks clocks;
    private final PageFolder folder;
    private final List<SharedPage> pages = new ArrayList<>();
    private final List<ProcessId> processes = new ArrayList<>();
    private final BlockingQueue<Missed> reported = new LinkedBlockingQueue<>();
    private final Watcher watcher;
    private final Thread beater;
    private volatile boolean closed;
    private volatile int silent = -1;

    private record Missed(String entity, long at) {}

    /**
     * Begins.
     *
     * @param urgency what the thread that looks asks for, as in the HAM
     * @param trusted whether the pages belong to the HAM's own user, and so may be read without a system call
     */
    public ManyBeats(Clocks clocks, Urgency urgency, Path dir, int count, boolean trusted) throws IOException {
        this.clocks = clocks;
        folder = new PageFolder(dir, Path.of("/proc"), _ -> true);
        var uid = ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        for (int i = 0; i < count; i++) {
            var process = new ProcessId(i + 1L, 1, 1, "bench");
            processes.add(process);
            pages.add(SharedPage.open(folder.make(name(i), process, uid), HeartbeatPage.SIZE));
        }
        beater = Thread.ofPlatform().name("beats").daemon().start(this::beat);
        watcher = new Watcher(
                clocks,
                new Judge(
                        process -> slots(process, trusted),
                        new KernelExcuses(Path.of("/nowhere"), true)::of,
                        _ -> List.of(),
                        this,
                        clocks),
                urgency::raiseThisThread);
        for (int i = 0; i < count; i++) {
            watcher.monitor(new Monitored(name(i), processes.get(i), SPEC, Beating.OK, clocks.monotonic()));
        }
    }

    private Slots slots(ProcessId process, boolean trusted) {
        return new PageSlots(SharedPage.open(folder.make("", process, 0), HeartbeatPage.SIZE), trusted);
    }

    private static String name(int number) {
        return "e" + number;
    }

    /** Spread over the time between two beats, as many processes would be. */
    private void beat() {
        var slices = Math.min(pages.size(), 50);
        for (long turn = 0, next = clocks.monotonic(); !closed; turn++, next += EVERY_NANOS / slices) {
            for (var left = next - clocks.monotonic(); left > 0; left = next - clocks.monotonic()) {
                LockSupport.parkNanos(left);
            }
            for (int i = (int) (turn % slices); i < pages.size(); i += slices) {
                if (i != silent) {
                    pages.get(i).setRelease(HeartbeatPage.slot(0), clocks.monotonic());
                }
            }
        }
    }

    @Override
    public void missed(String entity, ProcessId process, Beating mark, int missed) {
        reported.add(new Missed(entity, clocks.monotonic()));
    }

    @Override
    public void beatsAgain(String entity, ProcessId process) {}

    /**
     * Lets one of them fall silent.
     *
     * @return how long after its mark that was reported, in nanoseconds
     */
    public long missOne(int number) throws InterruptedException {
        // It beats as it should before it falls silent.
        var before = pages.get(number).getAcquire(HeartbeatPage.slot(0));
        while (pages.get(number).getAcquire(HeartbeatPage.slot(0)) == before) {
            LockSupport.parkNanos(1_000_000);
        }
        reported.clear();
        silent = number;
        for (var missed = reported.poll(1, TimeUnit.MINUTES);
                missed != null;
                missed = reported.poll(1, TimeUnit.MINUTES)) {
            var last = pages.get(number).getAcquire(HeartbeatPage.slot(0));
            silent = -1;
            var which = Integer.parseInt(missed.entity().substring(1));
            watcher.monitor(new Monitored(missed.entity(), processes.get(which), SPEC, Beating.OK, clocks.monotonic()));
            if (which == number) {
                return missed.at() - (last + LOW * EVERY_NANOS);
            }
            // The thread that beats for all was held up, and did not beat for this one in time either.
            silent = number;
        }
        throw new IllegalStateException(name(number) + " was not reported");
    }

    /** The processor time the watching thread has used. */
    public static long watcherCpuNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("ham-heartbeats") && thread.isAlive()) {
                return threads.getThreadCpuTime(thread.threadId());
            }
        }
        throw new IllegalStateException("nobody watches");
    }

    @Override
    public void close() {
        closed = true;
        watcher.close();
        try {
            beater.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        pages.forEach(SharedPage::close);
    }
}
