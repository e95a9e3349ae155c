package org.ham.itests.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.ham.api.Attachment;
import org.ham.api.Ham;
import org.ham.api.HeartbeatSpec;

/**
 * Attaches itself with a heartbeat and beats, and so does a thread of it that is registered, until a line on standard input says
 * otherwise: {@code silent} and {@code beat} for the one, {@code hang} for the other, {@code end} to detach.
 */
final class SelfBeating {
    private static final long EVERY_NANOS = 20_000_000;

    private final Ham ham;
    private final Attachment attachment;
    private volatile boolean silent;
    private volatile boolean hangs;
    private volatile boolean over;

    private SelfBeating(Ham ham, Attachment attachment) {
        this.ham = ham;
        this.attachment = attachment;
    }

    /** Runs as an entity: its name, its period in milliseconds, its low and its high mark. */
    static void run(Ham ham, String name, String period, String low, String high) throws Exception {
        var spec = HeartbeatSpec.of(
                Duration.ofMillis(Long.parseLong(period)), Integer.parseInt(low), Integer.parseInt(high));
        new SelfBeating(ham, ham.attachSelf(name, Optional.of(spec), Set.of())).listen();
    }

    private void listen() throws IOException, InterruptedException {
        var beats = Thread.ofPlatform().start(this::beat);
        var worker = Thread.ofPlatform().start(this::work);
        Program.say("ready", ProcessHandle.current().pid());
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            silent = line.equals("silent") || silent && !line.equals("beat");
            hangs |= line.equals("hang");
        }
        over = true;
        beats.join();
        worker.join();
        attachment.detach();
        ham.close();
        Program.say("detached", attachment.entity().name());
    }

    private void beat() {
        var last = 0L;
        while (!over) {
            if (!silent) {
                last = System.nanoTime();
                attachment.beat();
            } else if (last != 0) {
                Program.say("last", last);
                last = 0;
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    private void work() {
        try (var own = attachment.register("worker")) {
            while (!over) {
                if (!hangs) {
                    own.beat();
                }
                LockSupport.parkNanos(EVERY_NANOS);
            }
        }
    }
}
