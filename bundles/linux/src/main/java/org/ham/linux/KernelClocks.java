package org.ham.linux;

/** The kernel's clocks. Thread-safe. */
final class KernelClocks implements Clocks {
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_BOOTTIME = 7;
    private static final long SECOND = 1_000_000_000L;

    @Override
    public long monotonic() {
        return read(CLOCK_MONOTONIC);
    }

    @Override
    public long boottime() {
        return read(CLOCK_BOOTTIME);
    }

    private static long read(int clock) {
        long[] time = new long[2];
        Libc.clockGetTime(clock, time);
        return time[0] * SECOND + time[1];
    }
}
