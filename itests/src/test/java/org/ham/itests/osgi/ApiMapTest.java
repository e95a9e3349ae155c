package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;

/** {@code docs/api-map.md} has a row for each function of the original, and everything a row names exists. */
final class ApiMapTest {
    private static final Path ROOT = Path.of(System.getProperty("ham.root", ".."));

    /** All 56 of version 6.6 and the one that 8.0 added. */
    private static final List<String> FUNCTIONS = List.of("""
            ham_connect ham_connect_nd ham_connect_node ham_disconnect ham_disconnect_nd
            ham_disconnect_node ham_entity_handle ham_condition_handle ham_action_handle
            ham_entity_handle_node ham_condition_handle_node ham_action_handle_node ham_entity_handle_free
            ham_condition_handle_free ham_action_handle_free ham_attach_self ham_detach_self ham_attach
            ham_attach_node ham_detach ham_detach_name ham_detach_name_node ham_entity ham_entity_node
            ham_condition ham_condition_state ham_condition_raise ham_condition_remove ham_action_restart
            ham_action_execute ham_action_waitfor ham_action_notify_pulse ham_action_notify_pulse_node
            ham_action_notify_signal ham_action_notify_signal_node ham_action_heartbeat_healthy
            ham_action_log ham_action_remove ham_action_fail_execute ham_action_fail_waitfor
            ham_action_fail_notify_pulse ham_action_fail_notify_pulse_node ham_action_fail_notify_signal
            ham_action_fail_notify_signal_node ham_action_fail_log ham_action_fail_remove ham_heartbeat
            ham_heartbeat_control ham_entity_condition_state ham_entity_condition_raise ham_entity_control
            ham_condition_control ham_action_control ham_verbose ham_stop ham_stop_nd ham_stop_node
            """.strip().split("\\s+"));

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\.(\\w+)\\((.*)\\)");

    /** A row, cell by cell. */
    private record Row(String function, List<String> calls, List<String> codes, List<String> tests) {}

    @Test
    void hasARowForEachFunctionInTheirOrder() {
        assertThat(FUNCTIONS).hasSize(57).doesNotHaveDuplicates();
        assertThat(rows()).extracting(Row::function).containsExactlyElementsOf(FUNCTIONS);
    }

    @Test
    void eachRowNamesACounterpartThatExists() {
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.calls())
                        .as(row.function())
                        .isNotEmpty()
                        .allSatisfy(call -> assertThat(exists(call)).as(call).isTrue()));
    }

    @Test
    void eachRowNamesCodesThatExist() {
        var known = Stream.of(HamException.Code.values()).map(Enum::name).toList();
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.codes()).as(row.function()).isSubsetOf(known));
    }

    @Test
    void eachRowNamesATestThatExists() {
        var sources = testSources();
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.tests())
                        .as(row.function())
                        .isNotEmpty()
                        .allSatisfy(test -> assertThat(sources.getOrDefault(test.split("[.]")[0], ""))
                                .as(test)
                                .contains("void " + test.split("[.]")[1] + "(")));
    }

    private static List<Row> rows() {
        try (var lines = Files.lines(ROOT.resolve("docs/api-map.md"))) {
            return lines.filter(line -> line.startsWith("| `ham_"))
                    .map(line -> line.split(" *[|] *", -1))
                    .map(cells ->
                            new Row(quoted(cells[1]).getFirst(), quoted(cells[2]), quoted(cells[3]), quoted(cells[4])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static boolean exists(String call) {
        var parts = CALL.matcher(call);
        return parts.matches()
                && type(parts.group(1)).stream()
                        .flatMap(type -> Stream.of(type.getMethods()))
                        .anyMatch(method -> Modifier.isPublic(method.getModifiers())
                                && method.getName().equals(parts.group(2))
                                && parameters(method).equals(parts.group(3)));
    }

    private static Optional<Class<?>> type(String name) {
        for (var folder : List.of("org.ham.api.", "org.ham.client.")) {
            try {
                return Optional.of(Class.forName(folder + name));
            } catch (ClassNotFoundException _) {
                // in the other one, or nowhere
            }
        }
        return Optional.empty();
    }

    private static String parameters(Method method) {
        return Stream.of(method.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(", "));
    }

    /** All test classes of all modules by their names. */
    private static Map<String, String> testSources() {
        var sources = new HashMap<String, String>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    var name = String.valueOf(folder.getFileName());
                    var skipped = name.equals("target") || name.equals("main") || name.startsWith(".");
                    // The checkout itself may have any name.
                    return skipped && !folder.equals(ROOT) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    var name = String.valueOf(file.getFileName());
                    if (name.endsWith("Test.java") || name.endsWith("IT.java")) {
                        sources.merge(name.replace(".java", ""), Files.readString(file), String::concat);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(sources).hasSizeGreaterThan(30);
        return sources;
    }
}
