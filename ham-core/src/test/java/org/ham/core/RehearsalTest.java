package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ham.api.ProcessId;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Limits;
import org.ham.spi.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();

    /** Tells the time, remembers what else it is asked for. */
    private final Host host = (Host) Proxy.newProxyInstance(
            Host.class.getClassLoader(),
            new Class<?>[] {Host.class},
            (_, method, arguments) -> switch (method.getName()) {
                case "monotonic" -> 1L;
                case "now" -> Instant.EPOCH;
                default -> {
                    asked.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
                    yield method.getReturnType() == ProcessId.class ? new ProcessId(1, 1, 1, "b") : null;
                }
            });

    @Test
    void everyDeathOfEveryTakeoverIsRecoveredOnceAndNothingRealIsTouched() {
        var starts = new Rehearsal(host, new Plugins(Returning.NEVER, 0), new Engine(Limits.DEFAULT), folder)
                .run(() -> true);
        // The attach, ten takeovers with forty deaths each, and before all but the first of them one more.
        assertThat(starts).isEqualTo(1 + 10 * 40 + 9);
        assertThat(asked).isEmpty();
    }

    @Test
    void oneThatIsNotWantedAnyMoreEnds() {
        var starts = new Rehearsal(host, new Plugins(Returning.NEVER, 0), new Engine(Limits.DEFAULT), folder)
                .run(() -> false);
        assertThat(starts).isZero();
    }

    @Test
    void aWarmUpRemovesItsFolderAndSaysThatItIsOver() {
        var own = folder.resolve("rehearsal");
        var warmUp = new WarmUp(host, new Plugins(Returning.NEVER, 0), new Engine(Limits.DEFAULT), own);
        assertThat(warmUp.done()).isFalse();
        warmUp.run();
        assertThat(warmUp.done()).isTrue();
        assertThat(Files.exists(own)).isFalse();
        assertThat(asked).contains("start warm-up", "wake");
    }

    @Test
    void aWarmUpThatIsImpossibleIsOverAllTheSame() throws Exception {
        var blocked = Files.writeString(folder.resolve("file"), "").resolve("below");
        var warmUp = new WarmUp(host, new Plugins(Returning.NEVER, 0), new Engine(Limits.DEFAULT), blocked);
        warmUp.run();
        assertThat(warmUp.done()).isTrue();
        assertThat(asked).contains("wake");
    }
}
