package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.ham.crash.PointTable;
import org.junit.jupiter.api.Test;

/** The list of crash points in the documentation is the agent's own. */
final class CrashPointsTest {
    @Test
    void thePageListsAllPoints() {
        assertThat(CrashPoints.listed("Points")).containsExactlyElementsOf(CrashPoints.methods());
        assertThat(CrashPoints.methods()).containsAll(CrashPoints.listed("Not reached"));
        assertThat(CrashPoints.methods())
                .containsAll(CrashPoints.listed("Passed in some rounds only").stream()
                        .map(place -> Crash.method(Crash.of(place + "/1/1").point()))
                        .toList());
    }

    /** The agent lets pass in silence what is not there. */
    @Test
    void eachPointIsAMethodOfTheProduct() throws IOException {
        for (var entry : PointTable.methods().entrySet()) {
            var found = ClassFile.of().parse(Files.readAllBytes(file(entry.getKey()))).methods().stream()
                    .filter(method -> !method.flags().has(AccessFlag.ABSTRACT))
                    .map(method -> method.methodName().stringValue())
                    .toList();
            assertThat(found).as(entry.getKey()).containsAll(entry.getValue());
        }
    }

    private static Path file(String type) throws IOException {
        var root = Path.of(System.getProperty("ham.root", ".."));
        for (var parent : List.of(root, root.resolve("bundles"))) {
            try (var modules = Files.list(parent)) {
                var file = modules.map(module -> module.resolve("target/classes/" + type + ".class"))
                        .filter(Files::exists)
                        .findFirst();
                if (file.isPresent()) {
                    return file.get();
                }
            }
        }
        throw new AssertionError("no class " + type);
    }

    @Test
    void whereNobodyEverDiedIsToldUnlessThePageSaysWhy() {
        var told = Crash.of("TAKEOVER/Leader.append+took-over+after/1/500");
        var later = Crash.of("HAM/Door.open+before/1/500");
        var seldom = Crash.of(
                CrashPoints.listed("Passed in some rounds only").iterator().next() + "/1/500");
        var excused = Crash.of("UPGRADE/Upgrader.back+before/1/500");
        assertThat(CrashPoints.neverDied(List.of(told, later, seldom, excused), Set.of("HAM/Door.open+before")))
                .containsExactly("TAKEOVER/Leader.append+took-over+after");
        assertThat(CrashPoints.neverDied(List.of(), Set.of())).isEmpty();
    }

    @Test
    void aCrashIsReadAsItIsWritten() {
        var crash = new Crash(Situation.TAKEOVER, "Leader.append took-over after", 3, 250);
        assertThat(crash).hasToString("TAKEOVER/Leader.append+took-over+after/3/250");
        assertThat(Crash.of(crash.toString())).isEqualTo(crash);
        assertThat(crash.place()).isEqualTo("TAKEOVER/Leader.append+took-over+after");
        assertThat(Crash.method(crash.point())).isEqualTo("Leader.append");
    }
}
