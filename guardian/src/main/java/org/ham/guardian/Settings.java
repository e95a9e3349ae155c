package org.ham.guardian;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.ham.spi.RunDirs;
import org.jspecify.annotations.Nullable;

/**
 * What the guardian bundle is told by framework properties and the environment. Immutable.
 *
 * @param runDir where the lock, the beat page and the logs are
 * @param beat how often each of the two processes beats
 * @param hangAfter for how long a process may not beat before it counts as hung
 * @param command how to start the second node; empty for none
 * @param probation for how long a new HAM is watched until the way back is given up
 * @param guardianOf the process that asked this one to be its Guardian
 * @param line where it beats while it stands by
 * @param candidate whether it is to lead soon, and so must be whole
 */
record Settings(
        Path runDir,
        Duration beat,
        Duration hangAfter,
        Duration probation,
        List<String> command,
        OptionalLong guardianOf,
        BeatPage.Line line,
        boolean candidate) {
    /** Names the process whose Guardian a new node is to be. */
    static final String GUARDIAN_OF = "HAM_GUARDIAN_OF";

    /** Set for a node that has to beat in the other line, because there is a Guardian already. */
    static final String OTHER_LINE = "HAM_GUARDIAN_LINE";

    /** What a node that stands by is for: {@link #GUARDIAN} or {@link #CANDIDATE}. */
    static final String STANDS_BY = "HAM_STANDS_BY";

    /** It takes over when the HAM dies. */
    static final String GUARDIAN = "guardian";

    /** It is to lead soon. */
    static final String CANDIDATE = "candidate";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    /** Refuses times with which nobody could be judged. */
    Settings {
        command = List.copyOf(command);
        if (beat.toMillis() < 10) {
            throw new IllegalArgumentException("ham.guardian.beat: must be at least 10ms");
        }
        if (hangAfter.compareTo(beat.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "ham.guardian.hang-after: must be at least three times ham.guardian.beat");
        }
    }

    /** Reads them; an {@link IllegalArgumentException}, or the refusal of {@link RunDirs#of}, begins with the name of what is wrong. */
    static Settings read(Function<String, @Nullable String> properties, Map<String, String> environment) {
        var hangAfter = duration(properties, "ham.guardian.hang-after", Duration.ofSeconds(3));
        return new Settings(
                RunDirs.of(properties, environment),
                duration(properties, "ham.guardian.beat", usualBeat(hangAfter)),
                hangAfter,
                duration(properties, "ham.guardian.probation", Duration.ofSeconds(10)),
                command(properties.apply("ham.guardian.command")),
                guardianOf(environment.get(GUARDIAN_OF)),
                "other".equals(environment.get(OTHER_LINE)) ? BeatPage.Line.OTHER_GUARDIAN : BeatPage.Line.GUARDIAN,
                CANDIDATE.equals(environment.get(STANDS_BY)));
    }

    /** As seldom as it may be, because each beat wakes an idle machine; but so that nothing takes much over a second. */
    private static Duration usualBeat(Duration hangAfter) {
        var third = hangAfter.dividedBy(3);
        var most = third.compareTo(Duration.ofSeconds(1)) < 0 ? third : Duration.ofSeconds(1);
        return most.toMillis() < 10 ? Duration.ofMillis(10) : most;
    }

    /** Without a beat for so long it hangs: one that stalls may have been just about to beat, and that is not held against it. */
    Duration silence() {
        return hangAfter.plus(beat);
    }

    private static Duration duration(Function<String, @Nullable String> properties, String name, Duration unset) {
        var text = properties.apply(name);
        if (text == null || text.isBlank()) {
            return unset;
        }
        var match = DURATION.matcher(text.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException(name + ": '" + text + "' is no duration such as 500ms, 5s, 2m or 1h");
        }
        var amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static List<String> command(@Nullable String text) {
        try {
            return text == null ? List.of() : Words.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("ham.guardian.command: " + e.getMessage(), e);
        }
    }

    private static OptionalLong guardianOf(@Nullable String text) {
        return text == null || !text.matches("[1-9]\\d{0,9}")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(text));
    }
}
