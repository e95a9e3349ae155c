package org.ham.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ham.api.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HistoryTest {
    @TempDir
    Path runDir;

    private Terminal terminal = new Terminal(new FakeHam(), Path.of("/"));

    @BeforeEach
    void open() {
        terminal = new Terminal(new FakeHam(), runDir);
    }

    private void recovery(Story story) {
        story.tell("attached", "web", 0); // 1
        story.tell("death", "web", 0); // 2
        story.tell("condition-true", "web", 2); // 3
        story.tell("action-started", "web", 3); // 4
        story.tell("death", "db", 0); // 5
        story.tell("started", "web", 4); // 6
        story.tell("restarted", "web", 6); // 7
        story.tell("action-done", "web", 6); // 8
    }

    @Test
    void eventsAreOneJsonDocumentALine() throws Exception {
        try (var story = new Story(runDir, 1)) {
            recovery(story);
        }

        assertThat(terminal.type("events", "--json")).isZero();
        var lines = terminal.out().lines().toList();
        assertThat(lines).hasSize(8);
        var death = JsonParser.parseString(lines.get(1)).getAsJsonObject();
        assertThat(death.get("seq").getAsLong()).isEqualTo(2);
        assertThat(death.get("type").getAsString()).isEqualTo("death");
        assertThat(death.getAsJsonObject("reason").get("signal").getAsString()).isEqualTo("SIGKILL");
    }

    @Test
    void eventsAreThoseAfterANumberOfAnEntityTheLastFew() throws Exception {
        try (var story = new Story(runDir, 1)) {
            recovery(story);
        }

        terminal.type("events", "--since", "6");
        assertThat(terminal.out().lines()).hasSize(2).first().asString().contains("restarted");
        terminal.type("events", "--entity", "db");
        assertThat(terminal.out().lines()).hasSize(1).first().asString().contains("death");
        terminal.type("events", "--limit", "1");
        assertThat(terminal.out().lines()).hasSize(1).first().asString().contains("action-done");
        terminal.type("events", "--limit", "0");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void whyIsTheChainOfCausesOldestFirst() throws Exception {
        try (var story = new Story(runDir, 1)) {
            recovery(story);
        }

        assertThat(terminal.type("why", "web", "--json")).isZero();
        assertThat(terminal.json().get("entity").getAsString()).isEqualTo("web");
        var numbers = new ArrayList<Long>();
        terminal.json()
                .getAsJsonArray("chain")
                .forEach(event -> numbers.add(event.getAsJsonObject().get("seq").getAsLong()));
        assertThat(numbers).containsExactly(2L, 3L, 4L, 6L, 7L);

        terminal.type("why", "web");
        assertThat(terminal.out().lines()).hasSize(6);
        assertThat(terminal.out()).contains("+1.000 ms", "+2.000 ms", "took 5.000 ms in all", "killed by SIGKILL");
    }

    @Test
    void whyTellsOfADeathThatIsNotRecovered() throws Exception {
        try (var story = new Story(runDir, 1)) {
            recovery(story);
            story.tell("death", "web", 0);
        }

        terminal.type("why", "web");
        assertThat(terminal.out()).contains("but it died again since, and is not back");
        terminal.type("why", "db");
        assertThat(terminal.out().lines()).hasSize(2);
    }

    @Test
    void whyOfAnEntityThatNeverDiedOrIsUnknown() {
        assertThat(terminal.type("why", "web")).isZero();
        assertThat(terminal.out()).contains("has not died");
        assertThat(terminal.type("why", "nobody")).isEqualTo(1);
        assertThat(terminal.err()).contains("no entity 'nobody'");
    }

    @Test
    void aCauseThatIsNoLongerKeptIsSaid() throws Exception {
        var causes = new Causes("web");
        try (var story = new Story(runDir, 1)) {
            story.tell("death", "web", 0);
            causes.add(story.tell("restarted", "web", 1));
        }
        assertThat(Story.numbers(causes.chain())).containsExactly(2L);
        assertThat(Causes.cutOff(causes.chain())).isTrue();
    }

    @Test
    void aTimelineFollowsThroughATakeover() throws Exception {
        var seen = Collections.synchronizedList(new ArrayList<Event>());
        var follower = Thread.ofPlatform().start(() -> follow(seen));
        try (var story = new Story(runDir, 1)) {
            story.tell("death", "web", 0);
            await().until(() -> seen.size() == 1);
        }
        try (var story = new Story(runDir, 2)) {
            story.tell("took-over", "web", 0);
            story.tell("restarted", "web", 1);
            await().until(() -> seen.size() == 3);
        }
        follower.interrupt();
        follower.join();

        assertThat(Story.numbers(List.copyOf(seen))).containsExactly(1L, 2L, 3L);
        assertThat(seen.getLast().epoch()).isEqualTo(2);
    }

    private void follow(List<Event> seen) {
        try (var timeline = new Timeline(runDir, 0)) {
            while (true) {
                timeline.readAll(seen::add);
                timeline.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
