import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.Attachment;
import org.ham.api.Ham;
import org.ham.api.HeartbeatSpec;
import org.ham.client.HamClient;

/**
 * Attaches itself as the entity it was started as, and beats ten times a second. Runs from its source: java -cp 'HAM/bundles/*'
 * Client.java, with HAM_RUN_DIR and HAM_ENTITY set.
 */
public final class Client {
    private static final long EVERY_NANOS = 100_000_000;

    /** It is missed after a second and a half, and from then on again only when it was declared healthy. */
    private static final HeartbeatSpec HEARTBEAT = HeartbeatSpec.of(Duration.ofMillis(100), 0, 15);

    public static void main(String[] words) throws Exception {
        // It attaches itself when it is ready to beat: its start may take as long as it likes.
        try (Ham ham = HamClient.connect();
                Attachment me = ham.attachSelf(System.getenv("HAM_ENTITY"), Optional.of(HEARTBEAT), Set.of())) {
            // What matters little, and has to answer all the same.
            new ProcessBuilder("sh", "lower.sh", Long.toString(ProcessHandle.current().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            System.out.println("beating at the lowest priority");
            while (true) {
                me.beat();
                LockSupport.parkNanos(EVERY_NANOS);
            }
        }
    }
}
