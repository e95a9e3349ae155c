package org.ham.shell;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes the lines of a reply, each within a deadline. Thread-safe, as Gogo prints from several threads. */
final class Reply {
    private final OutputStream out;
    private final Deadlines deadlines;
    private final Duration time;
    private final Runnable end;
    private boolean broken;
    private volatile @Nullable Transcript transcript;

    Reply(OutputStream out, Deadlines deadlines, Duration time, Runnable end) {
        this.out = out;
        this.deadlines = deadlines;
        this.time = time;
        this.end = end;
    }

    /** From now on what is said is kept as well, and a client that is gone is no failure; null ends it. */
    void keep(@Nullable Transcript kept) {
        transcript = kept;
    }

    void text(String kind, String text) throws IOException {
        var kept = transcript;
        if (kept == null) {
            send(kind, text);
            return;
        }
        kept.add(kind, text);
        try {
            send(kind, text);
        } catch (IOException | RuntimeException | LinkageError _) {
            // It can ask again; what it is reached through may be gone as well.
        }
    }

    private void send(String kind, String text) throws IOException {
        var line = new JsonObject();
        line.addProperty(kind, text);
        send(line);
    }

    void exit(int code) throws IOException {
        var line = new JsonObject();
        line.addProperty("exit", code);
        send(line);
    }

    // After a failure nothing is sent any more: half a line may be out already.
    private synchronized void send(JsonObject line) throws IOException {
        if (broken) {
            throw new IOException("the client is gone");
        }
        broken = true;
        try (var _ = deadlines.within(time, end)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        broken = false;
    }
}
