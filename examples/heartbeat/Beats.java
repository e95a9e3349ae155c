import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.HeartbeatPage;

/** A program that beats ten times a second, in its main thread and in a worker, until it is told to hang: Beats HANG-FILE */
final class Beats {
    private static final long EVERY_NANOS = 100_000_000;

    public static void main(String[] words) {
        var page = HeartbeatPage.ofThisProcess(Duration.ofSeconds(10))
                .orElseThrow(() -> new IllegalStateException("HAM has not started this as an entity with a heartbeat"));
        var hang = Path.of(words[0]);
        System.out.println("beating as " + System.getenv("HAM_ENTITY"));
        Thread.ofPlatform().daemon().start(() -> work(page, hang));
        while (true) {
            page.beat();
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    /** A thread that is registered has to beat for itself: when it hangs, the process has missed a beat. */
    private static void work(HeartbeatPage page, Path hang) {
        var own = page.register();
        while (!Files.exists(hang)) {
            own.beat();
            LockSupport.parkNanos(EVERY_NANOS);
        }
        System.out.println("the worker hangs");
    }
}
