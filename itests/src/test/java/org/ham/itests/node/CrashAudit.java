package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.journal.Journal;
import org.ham.journal.JournalReader;
import org.ham.journal.JournalSettings;

/** Reads the journal through all deaths of its writers, and holds it against what was asked for and what was killed. Not thread-safe. */
final class CrashAudit {
    /** What a HAM that died in the middle of a write leaves behind. */
    private static final Pattern TORN =
            Pattern.compile(".*the last \\d+ bytes, from offset \\d+ on, are no whole record.*");

    private final JournalReader reader;
    private final Map<String, Integer> requests = new HashMap<>();
    private final Map<String, Integer> deaths = new HashMap<>();
    private final Map<String, Long> deathLines = new HashMap<>();
    private final Map<String, Long> restartLines = new HashMap<>();
    private final Set<String> startsIntended = new HashSet<>();
    private final Map<String, Integer> started = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private boolean upgrading;
    private long seq;
    private long epoch;

    CrashAudit(Path runDir) {
        try {
            var boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            reader = Journal.at(runDir.resolve("journal"), JournalSettings.of(boot))
                    .readAfter(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what has come. */
    void read() {
        for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
            batch.get().events().forEach(this::take);
        }
        reader.findings().stream()
                .filter(found -> !TORN.matcher(found).matches())
                .forEach(found -> wrong.add("the reader found: " + found));
        assertThat(wrong).as("the journal").isEmpty();
    }

    private void take(Event line) {
        if (line.seq() != seq + 1) {
            wrong.add("line " + line.seq() + " follows line " + seq);
        }
        if (line.epoch() < epoch) {
            wrong.add("line " + line.seq() + " is of epoch " + line.epoch() + " after one of epoch " + epoch);
        }
        seq = line.seq();
        epoch = line.epoch();
        line.actor().map(Actor::request).filter(id -> !id.isEmpty()).ifPresent(id -> {
            if (requests.merge(id.substring(id.lastIndexOf('/') + 1), 1, Integer::sum) > 1) {
                wrong.add("line " + line.seq() + ": request " + id + " a second time");
            }
        });
        var entity = line.entity().orElse("");
        switch (line.type()) {
            case "death" -> {
                var victim =
                        entity + " " + line.pid().orElse(0) + " " + line.data().get("startTime");
                deaths.merge(victim, 1, Integer::sum);
                deathLines.put(victim, line.seq());
            }
            case "upgrade-started" -> upgrading = true;
            case "upgraded", "upgrade-failed" -> upgrading = false;
            case "restarted" -> restartLines.put(entity, line.seq());
            case "start-intended" -> {
                if (!startsIntended.add(invocation(line))) {
                    wrong.add("line " + line.seq() + ": start " + invocation(line) + " was decided twice");
                }
            }
            case "started" -> {
                if (started.merge(invocation(line), 1, Integer::sum) > 1) {
                    wrong.add("line " + line.seq() + ": start " + invocation(line) + " succeeded twice");
                }
            }
            case "start-failed", "action-failed", "list-broken-off", "run-dropped", "journal-lost" ->
                wrong.add("line " + line.seq() + ": " + line);
            case "finding" -> {
                var text = String.valueOf(line.data().get("text"));
                if (!TORN.matcher(text).matches()) {
                    wrong.add("line " + line.seq() + ": " + text);
                }
            }
            default -> {}
        }
    }

    private static String invocation(Event line) {
        return String.valueOf(line.data().get("invocation"));
    }

    /** The last line read. */
    long seq() {
        return seq;
    }

    /** Whether an upgrade is under way, as far as it was read. */
    boolean isUpgrading() {
        return upgrading;
    }

    /** How often a start that was decided succeeded. */
    int succeeded(String invocation) {
        return started.getOrDefault(invocation, 0);
    }

    /** Each request that was answered has its line, and but one. */
    void hasAnswered(List<String> answered) {
        assertThat(answered)
                .as("answered, so in the journal")
                .allSatisfy(id -> assertThat(requests.getOrDefault(id, 0))
                        .as("request %s", id)
                        .isEqualTo(1));
    }

    /** Each process killed has its death, and but one, and its recovery after it. */
    void hasRecovered(List<String> killed) {
        assertThat(killed).as("killed, so in the journal and recovered").allSatisfy(victim -> {
            assertThat(deaths.getOrDefault(victim, 0))
                    .as("deaths of %s", victim)
                    .isEqualTo(1);
            assertThat(restartLines.getOrDefault(victim.substring(0, victim.indexOf(' ')), 0L))
                    .isGreaterThan(deathLines.getOrDefault(victim, Long.MAX_VALUE));
        });
    }
}
