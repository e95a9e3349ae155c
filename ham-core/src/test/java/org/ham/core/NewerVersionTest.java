package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Input;
import org.ham.journal.Batch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newer version wrote and this one is to read, when an upgrade is taken back. */
class NewerVersionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private StoredJournal stored;

    /** Everything there can be, written by this version. */
    @BeforeEach
    void copyTheNewest() throws IOException {
        var newest = StoredJournalsTest.all().getLast();
        try (var files = Files.list(newest)) {
            for (var file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        stored = new StoredJournal(folder);
    }

    @Test
    void fieldsThatCameLaterAreLetPassInASnapshot() {
        var state = stored.followed().state();
        var text = StateCodec.write(state);
        var longer = JsonParser.parseString(text);
        addToAll(longer);
        assertThat(longer.toString()).contains("cameLater");
        StoredJournal.requireSame(StateCodec.read(longer.toString()), state);
    }

    /** Into each object but those whose names are data. */
    private static void addToAll(JsonElement element) {
        if (element instanceof JsonArray array) {
            array.forEach(NewerVersionTest::addToAll);
        } else if (element instanceof JsonObject object) {
            object.entrySet().stream()
                    .filter(each -> !List.of("alarms", "parameters", "environment", "limits", "data")
                            .contains(each.getKey()))
                    .forEach(each -> addToAll(each.getValue()));
            var later = new JsonObject();
            later.addProperty("a", 1);
            object.add("cameLater", later);
        }
    }

    @Test
    void fieldsThatCameLaterAreLetPassInALine() {
        var before = stored.followed();
        var seq = before.state().seq() + 1;
        var input = Map.of(
                "kind", "ReportState", "entity", "printer", "id", 0L, "state", 55L, "cameLater", Map.of("a", 1L));
        write(before, line(seq, "state", "printer", Map.of("input", input, "from", 1L, "to", 55L, "cameLater", "b")));
        var after = stored.followed();
        assertThat(after.state().entity("printer").orElseThrow().state()).isEqualTo(55);
        assertThat(after.takeFindings()).isEmpty();
    }

    @Test
    void linesOfATypeThatCameLaterAreSkippedAndTold() {
        var before = stored.followed();
        var tree = StoredJournal.view(before.state());
        var seq = before.state().seq() + 1;
        var asked = Map.of("kind", "Orbit", "entity", "printer", "height", 400L);
        write(
                before,
                line(seq, "moon-phase", "printer", Map.of("phase", "full")),
                line(seq + 1, "orbit", "printer", Map.of("input", asked)));
        var after = stored.followed();
        assertThat(after.state().seq()).isEqualTo(seq + 1);
        assertThat(Shown.missing(without(tree, "seq"), StoredJournal.view(after.state()), ""))
                .isEmpty();
        assertThat(after.takeFindings())
                .extracting(found -> ((Input.Found) found).text())
                .containsExactly(
                        "line " + seq + " of type 'moon-phase' is of a newer HAM and was skipped",
                        "line " + (seq + 1) + " of type 'orbit' is of a newer HAM and was skipped");
        // And it can be led from there.
        var leader = stored.led(stored.followed(), 301);
        assertThat(leader.state().hamPid()).isEqualTo(301);
        leader.close();
    }

    @Test
    void flagsAndConditionsOfATypeThatCameLaterAreLeftOutAndTheRestIsKept() {
        var state = stored.followed().state();
        var text = JsonParser.parseString(StateCodec.write(state)).getAsJsonObject();
        for (var each : text.getAsJsonArray("entities")) {
            var entity = each.getAsJsonObject();
            entity.getAsJsonArray("flags").add("CAME_LATER");
            var conditions = entity.getAsJsonArray("conditions");
            for (var condition : conditions) {
                condition.getAsJsonObject().getAsJsonArray("flags").add("CAME_LATER");
                for (var action : condition.getAsJsonObject().getAsJsonArray("actions")) {
                    action.getAsJsonObject().getAsJsonArray("flags").add("CAME_LATER");
                }
            }
            if (!conditions.isEmpty()) {
                var later = conditions.get(0).deepCopy().getAsJsonObject();
                later.addProperty("type", "CAME_LATER");
                later.addProperty("name", "later");
                conditions.add(later);
            }
            for (var lane : entity.getAsJsonArray("lanes")) {
                var runs = lane.getAsJsonObject().getAsJsonArray("runs");
                var later = runs.get(0).deepCopy().getAsJsonObject();
                later.getAsJsonObject("trigger").addProperty("type", "CAME_LATER");
                runs.add(later);
            }
        }
        var read = StateCodec.read(text.toString());
        StoredJournal.requireSame(read, state);
        assertThat(read.entity("web").orElseThrow().conditions())
                .extracting(Condition::name)
                .doesNotContain("later");
    }

    @Test
    void whatWasAskedForWithAFlagThatCameLaterIsDoneWithoutIt() {
        var before = stored.followed();
        var seq = before.state().seq() + 1;
        var start = Map.of("command", List.of("/bin/true"), "environment", Map.of(), "limits", Map.of());
        var known = condition("known", "DEATH");
        var unknown = condition("unknown", "CAME_LATER");
        var input = Map.of(
                "kind",
                "Attach",
                "entity",
                "fresh",
                "start",
                start,
                "flags",
                List.of("KEEP_ON_DEATH", "CAME_LATER"),
                "conditions",
                List.of(known, unknown),
                "update",
                false);
        write(
                before,
                line(seq, "entity-added", "fresh", Map.of("input", input)),
                line(seq + 1, "start-intended", "fresh", Map.of("invocation", "feedbeef-" + (seq + 1))));
        var fresh = stored.followed().state().entity("fresh").orElseThrow();
        assertThat(fresh.flags()).hasSize(1);
        assertThat(fresh.conditions()).extracting(Condition::name).containsExactly("known");
    }

    private static Map<String, Object> condition(String name, String type) {
        return Map.of(
                "name",
                name,
                "type",
                type,
                "flags",
                List.of("REARM", "CAME_LATER"),
                "enabled",
                true,
                "actions",
                List.of(),
                "id",
                0L);
    }

    private static JsonObject without(JsonObject view, String key) {
        var copy = view.deepCopy();
        copy.getAsJsonObject("tree").remove(key);
        copy.getAsJsonObject("status").add("epoch", new JsonPrimitive(2));
        return copy;
    }

    /** As a newer HAM would have gone on: lines of one epoch more, one batch each but for what belongs together. */
    private void write(Follower before, Event... lines) {
        var writer = stored.journal().write(before.reader(), before.state().epoch() + 1);
        var batch = new ArrayList<Event>();
        for (var line : lines) {
            if (!line.type().equals("start-intended") && !batch.isEmpty()) {
                writer.append(new Batch(batch));
                batch.clear();
            }
            batch.add(line);
        }
        writer.append(new Batch(batch));
        writer.close();
    }

    private static Event line(long seq, String type, String entity, Map<String, Object> data) {
        return new Event(
                seq,
                2,
                java.time.Instant.parse("2026-02-01T00:00:00Z"),
                5_000_000_000L,
                type,
                Optional.of(entity),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.of(Actor.part("newer")),
                new LinkedHashMap<>(data));
    }
}
