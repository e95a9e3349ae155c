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

/**
 * A page that maps the original's functions to ours, one row each: function, counterparts, codes, tests. Immutable.
 *
 * @param rows in the order of the page
 * @param packages where the types of the counterparts are looked for, in this order
 */
record FunctionMap(List<Row> rows, List<String> packages) {
    private static final Path ROOT = Path.of(System.getProperty("ham.root", ".."));
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\.(\\w+)\\((.*)\\)");

    /** A row, cell by cell. */
    record Row(String function, List<String> calls, List<String> codes, List<String> tests) {}

    /** Reads a page of {@code docs/} whose functions begin with a prefix. */
    static FunctionMap read(String page, String prefix, List<String> packages) {
        try (var lines = Files.lines(ROOT.resolve("docs").resolve(page))) {
            var rows = lines.filter(line -> line.startsWith("| `" + prefix))
                    .map(line -> line.split(" *[|] *", -1))
                    .map(cells ->
                            new Row(quoted(cells[1]).getFirst(), quoted(cells[2]), quoted(cells[3]), quoted(cells[4])))
                    .toList();
            return new FunctionMap(rows, packages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    void hasRowsFor(List<String> functions) {
        assertThat(rows).extracting(Row::function).containsExactlyElementsOf(functions);
    }

    void namesCounterpartsThatExist() {
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.calls())
                        .as(row.function())
                        .isNotEmpty()
                        .allSatisfy(call -> assertThat(exists(call)).as(call).isTrue()));
    }

    void namesOnly(List<String> codes) {
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.codes()).as(row.function()).isSubsetOf(codes));
    }

    /** All tests that a page names anywhere, not in the rows of functions alone. */
    static void namesTestsThatExist(String page) throws IOException {
        var sources = testSources();
        var named = quoted(Files.readString(ROOT.resolve("docs").resolve(page))).stream()
                .filter(word -> word.matches("\\w+(Test|IT)[.]\\w+"))
                .toList();
        assertThat(named)
                .isNotEmpty()
                .allSatisfy(test -> assertThat(sources.getOrDefault(test.split("[.]")[0], ""))
                        .as(test)
                        .contains("void " + test.split("[.]")[1] + "("));
    }

    void namesTestsThatExist() {
        var sources = testSources();
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.tests())
                        .as(row.function())
                        .isNotEmpty()
                        .allSatisfy(test -> assertThat(sources.getOrDefault(test.split("[.]")[0], ""))
                                .as(test)
                                .contains("void " + test.split("[.]")[1] + "(")));
    }

    private boolean exists(String call) {
        var parts = CALL.matcher(call);
        return parts.matches()
                && type(parts.group(1)).stream()
                        .flatMap(type -> Stream.of(type.getMethods()))
                        .anyMatch(method -> Modifier.isPublic(method.getModifiers())
                                && method.getName().equals(parts.group(2))
                                && parameters(method).equals(parts.group(3)));
    }

    private Optional<Class<?>> type(String name) {
        for (var folder : packages) {
            try {
                return Optional.of(Class.forName(folder + "." + name));
            } catch (ClassNotFoundException _) {
                // in the next one, or nowhere
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
