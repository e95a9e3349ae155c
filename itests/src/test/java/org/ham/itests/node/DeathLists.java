package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.Event;

/**
 * Entities that are started again when they die, some of them with a list of all kinds of actions before or after that, and the journal held
 * against these lists: each action of each death has come to one outcome, which is a success. Confined to the test's thread.
 */
final class DeathLists {
    /** Nothing but started again; their deaths are what the figures are about. */
    static final List<String> PLAIN = List.of("e0", "e1", "e2");

    /** Started again after all else, so that a recovery depends on each action of its list. */
    static final String LAST = "last";

    /** Started again before all else. */
    static final String FIRST = "first";

    static final List<String> ENTITIES =
            Stream.concat(PLAIN.stream(), Stream.of(LAST, FIRST)).toList();

    private static final String RESTART = "restart";
    private static final List<String> OTHERS = List.of("note", "tell", "look", "poke", "heal");

    /** A line for each command that ran: its invocation. */
    private final Path ran;

    DeathLists(HamInstance ham) {
        ran = ham.conf.resolve("ran");
        try {
            Files.createFile(ran);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PLAIN.forEach(name -> ham.restarted(name, "sleep", "100000"));
        // Told to one that is not killed: under a death the entity itself has no process.
        var others = """
                      - note: {type: log, message: "died", flags: [rearm]}
                      - tell: {type: execute, command: [/bin/sh, -c, "echo $HAM_INVOCATION_ID >> %s"], within: 20s, flags: [rearm]}
                      - look: {type: waitfor, path: %s, delay: 20s, flags: [rearm]}
                      - poke: {type: notify-signal, signal: SIGCONT, pid: %d, flags: [rearm]}
                      - heal: {type: heartbeat-healthy, flags: [rearm]}
                """.formatted(ran, ran, ProcessHandle.current().pid());
        var restart = "      - restart: {flags: [rearm]}\n";
        entity(ham, LAST, others + restart);
        entity(ham, FIRST, restart + others);
    }

    private static void entity(HamInstance ham, String name, String actions) {
        ham.entity(name, """
                start: [sleep, "100000"]
                conditions:
                  died:
                    when: death
                    flags: [rearm]
                    actions:
                """ + actions);
    }

    private static List<String> expected(String entity) {
        return switch (entity) {
            case LAST -> Stream.concat(OTHERS.stream(), Stream.of(RESTART)).toList();
            case FIRST -> Stream.concat(Stream.of(RESTART), OTHERS.stream()).toList();
            default -> List.of(RESTART);
        };
    }

    /** An action of a list and what it came to. */
    private record Turn(Event begun, List<Event> outcomes) {
        String name() {
            return begun.action().orElseThrow();
        }

        boolean isOnceAndWell() {
            return outcomes.size() == 1
                    && outcomes.getFirst().type().equals("action-done")
                    && outcomes.getFirst().outcome().orElse("").startsWith("ok");
        }
    }

    /** The lists that were begun, by the death that they follow from. */
    private static Map<Event, List<Turn>> lists(List<Event> journal) {
        var causes = new HashMap<Long, Long>();
        var deaths = new HashMap<Long, Event>();
        var deathOf = new HashMap<Long, Event>();
        var turns = new HashMap<Long, Turn>();
        var lists = new TreeMap<Event, List<Turn>>(java.util.Comparator.comparing(Event::seq));
        for (var event : journal) {
            if (!ENTITIES.contains(event.entity().orElse(""))) {
                continue;
            }
            var cause = event.cause().orElse(0);
            causes.put(event.seq(), cause);
            switch (event.type()) {
                case "death" -> {
                    deaths.put(event.seq(), event);
                    lists.put(event, new ArrayList<>());
                }
                case "condition-true" -> {
                    assertThat(deaths).as("the death behind " + event).containsKey(cause);
                    deathOf.put(event.seq(), deaths.get(cause));
                }
                case "action-started" -> {
                    assertThat(deathOf).as("the list of " + event).containsKey(cause);
                    var turn = new Turn(event, new ArrayList<>());
                    turns.put(event.seq(), turn);
                    Objects.requireNonNull(lists.get(deathOf.get(cause))).add(turn);
                }
                case "action-done", "action-failed" -> {
                    // A restart's follows from its start, which follows from it.
                    while (cause != 0 && !turns.containsKey(cause)) {
                        cause = causes.getOrDefault(cause, 0L);
                    }
                    assertThat(turns).as("the action of " + event).containsKey(cause);
                    Objects.requireNonNull(turns.get(cause)).outcomes.add(event);
                }
                default -> {}
            }
        }
        return lists;
    }

    /** What was begun and is not over yet. */
    static List<String> unfinished(List<Event> journal) {
        return lists(journal).entrySet().stream()
                .filter(list -> list.getValue().size()
                                < expected(list.getKey().entity().orElseThrow()).size()
                        || list.getValue().stream().anyMatch(turn -> turn.outcomes.isEmpty()))
                .map(list -> list.getKey() + ": " + list.getValue())
                .toList();
    }

    /** Each action came to one good end in its turn, and its command ran once, or more often where that may be. */
    void check(List<Event> journal, Repeats repeats) {
        var lists = lists(journal);
        assertThat(lists.entrySet()).isNotEmpty().allSatisfy(list -> {
            var death = list.getKey();
            assertThat(list.getValue())
                    .as("actions after " + death)
                    .extracting(Turn::name)
                    .isEqualTo(expected(death.entity().orElseThrow()));
            assertThat(list.getValue())
                    .as("actions after " + death + ", each with one outcome: ok")
                    .allMatch(Turn::isOnceAndWell);
        });
        var tells = lists.values().stream()
                .flatMap(List::stream)
                .filter(turn -> turn.name().equals("tell"))
                .toList();
        var runs = runs();
        assertThat(tells)
                .as("commands that ran")
                .allSatisfy(turn -> assertThat(runs).containsKey(invocation(turn)));
        assertThat(runs).as("commands that somebody wanted").hasSameSizeAs(tells);
        var twice = repeats.explain(tells.stream()
                .filter(turn -> runs.getOrDefault(invocation(turn), 0L) > 1)
                .map(turn -> Repeats.Run.of(turn.begun, turn.outcomes.getFirst()))
                .toList());
        System.out.println("lists: " + lists.size() + " deaths, "
                + lists.values().stream().mapToInt(List::size).sum() + " actions, commands " + tells.size()
                + ", of these twice " + twice);
    }

    private static String invocation(Turn turn) {
        return String.valueOf(turn.begun.data().get("invocation"));
    }

    private Map<String, Long> runs() {
        try (var lines = Files.lines(ran)) {
            return lines.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
