package org.ham.itests.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.HeartbeatPage;

/** A program that beats, and so does a thread of it until a file is there that tells it to hang. */
final class BeatingClient {
    private static final long EVERY_NANOS = 20_000_000;

    private BeatingClient() {}

    public static void main(String[] words) {
        var page = HeartbeatPage.ofThisProcess(Duration.ofSeconds(60)).orElseThrow();
        var hang = Path.of(words[0]);
        Thread.ofPlatform().daemon().start(() -> {
            var own = page.register();
            while (!Files.exists(hang)) {
                own.beat();
                LockSupport.parkNanos(EVERY_NANOS);
            }
        });
        while (true) {
            page.beat();
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }
}
