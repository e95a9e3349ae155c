package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.spi.Monitored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread: in real time, and without any statement on how long that takes. */
@Timeout(60)
class WatcherTest implements Verdicts {
    private static final ProcessId PROCESS = new ProcessId(42, 1, 1, "boot");
    private static final Clocks CLOCKS = System::nanoTime;

    private final LinkedBlockingQueue<String> verdicts = new LinkedBlockingQueue<>();
    private volatile boolean broken;

    private Watcher watcher() {
        return watcher(new CountDownLatch(0));
    }

    /** One that does nothing before this. */
    private Watcher watcher(CountDownLatch before) {
        return new Watcher(CLOCKS, new Judge(_ -> null, _ -> excuse(), _ -> List.of(), this, CLOCKS), () -> {
            try {
                before.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Excuse excuse() {
        if (broken) {
            broken = false;
            throw new IllegalStateException("on purpose");
        }
        return Excuse.NONE;
    }

    @Override
    public void missed(String entity, ProcessId process, Beating mark, int missed) {
        verdicts.add(entity + " " + mark.word());
    }

    @Override
    public void beatsAgain(String entity, ProcessId process) {
        verdicts.add(entity + " again");
    }

    private static Monitored entity(String name, boolean healing) {
        return new Monitored(
                name, PROCESS, new HeartbeatSpec(Duration.ofMillis(20), 2, 3, healing), Beating.OK, CLOCKS.monotonic());
    }

    private String next() throws InterruptedException {
        return verdicts.poll(50, TimeUnit.SECONDS);
    }

    @Test
    void silenceIsFoundBeatsAreTakenAndALateOneHeals() throws Exception {
        try (var watcher = watcher()) {
            watcher.monitor(entity("web", true));
            assertThat(next()).isEqualTo("web missed-low");
            assertThat(next()).isEqualTo("web missed-high");
            watcher.beat("nobody", PROCESS, CLOCKS.monotonic());
            watcher.beat("web", new ProcessId(43, 1, 1, "boot"), CLOCKS.monotonic());
            watcher.beat("web", PROCESS, CLOCKS.monotonic());
            assertThat(next()).isEqualTo("web again");
        }
        assertThat(verdicts).doesNotContain("web again");
    }

    @Test
    void aFailureIsSurvived() throws Exception {
        broken = true;
        try (var watcher = watcher()) {
            watcher.monitor(entity("web", false));
            watcher.monitor(entity("db", false));
            var all = List.of(
                    String.valueOf(next()), String.valueOf(next()), String.valueOf(next()), String.valueOf(next()));
            assertThat(all)
                    .containsExactlyInAnyOrder("web missed-low", "web missed-high", "db missed-low", "db missed-high");
        }
    }

    @Test
    void whoIsForgottenIsNotAccused() throws Exception {
        var asked = new CountDownLatch(1);
        try (var watcher = watcher(asked)) {
            watcher.monitor(entity("web", false));
            watcher.forget("web");
            watcher.monitor(entity("db", false));
            asked.countDown();
            assertThat(next()).isEqualTo("db missed-low");
            assertThat(next()).isEqualTo("db missed-high");
        }
        assertThat(verdicts).isEmpty();
    }
}
