package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ham.crash.PointTable;
import org.junit.jupiter.api.Test;

/** The list of crash points in the documentation is the agent's own. */
final class CrashPointsTest {
    @Test
    void thePageListsAllPoints() {
        assertThat(CrashPoints.listed("Points")).containsExactlyElementsOf(CrashPoints.methods());
        assertThat(CrashPoints.methods()).containsAll(CrashPoints.listed("Not reached"));
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
    void aCrashIsReadAsItIsWritten() {
        var crash = new Crash(Situation.TAKEOVER, "Leader.append took-over after", 3, 250);
        assertThat(crash).hasToString("TAKEOVER/Leader.append+took-over+after/3/250");
        assertThat(Crash.of(crash.toString())).isEqualTo(crash);
        assertThat(Crash.method(crash.point())).isEqualTo("Leader.append");
    }
}
