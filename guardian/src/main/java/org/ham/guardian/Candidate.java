package org.ham.guardian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ham.linux.ExitStatus;

/**
 * A node that gets ready beside the Guardian: to lead, or to be the next Guardian. Its listener is told once how that ended, on the
 * core loop's thread. Confined to the core loop but for what it says of itself.
 */
final class Candidate implements Standing.Listener {
    private static final int LONGEST_LOG = 64 << 10;
    private static final String SAID = "ham: ";

    /** What came of it. */
    interface Listener {
        /** It could lead. */
        void ready(Candidate candidate);

        /** It is of no use; it may live. */
        void failed(Candidate candidate, String why);
    }

    private final Standing standing;
    private final Path log;
    private final Listener listener;
    private boolean told;

    /** One that was started and writes a log of its own. */
    Candidate(Standing standing, Path log, Listener listener) {
        this.standing = standing;
        this.log = log;
        this.listener = listener;
    }

    Standing standing() {
        return standing;
    }

    /** Looks at it; returns after how many nanoseconds to look again. */
    long look(BeatPage page, Settings settings, long now) {
        if (told) {
            return Long.MAX_VALUE;
        }
        if (standing.age(now) > Limits.DEFAULT.candidate().toNanos()) {
            fail("it was not ready within " + Limits.DEFAULT.candidate().toSeconds() + " s" + said());
            return Long.MAX_VALUE;
        }
        return standing.look(page, settings, now, this);
    }

    @Override
    public void ready() {
        if (!told) {
            told = true;
            listener.ready(this);
        }
    }

    @Override
    public void hung() {
        fail("it " + standing.verdict() + said());
    }

    /** It is dead, which is told even after it was ready. */
    void died(ExitStatus status) {
        told = true;
        listener.failed(this, "it " + GuardianKeeper.describe(status) + said());
    }

    private void fail(String why) {
        if (!told) {
            told = true;
            listener.failed(this, why);
        }
    }

    /** What it said last, which mostly is why. */
    private String said() {
        try {
            var bytes = Files.size(log) > LONGEST_LOG ? new byte[0] : Files.readAllBytes(log);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            var last = lines.stream()
                    .filter(line -> line.startsWith(SAID))
                    .reduce((_, line) -> line.substring(SAID.length()))
                    .or(() -> lines.stream().reduce((_, line) -> line))
                    .orElse("");
            return (last.isEmpty() ? "" : ", and said: " + last) + "; see " + log;
        } catch (IOException _) {
            return "";
        }
    }
}
