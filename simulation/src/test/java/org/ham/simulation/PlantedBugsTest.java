package org.ham.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation finds bugs: each one that is planted is found within the budget in which nothing else is. */
class PlantedBugsTest {
    private static final int SEEDS = 200;
    private static final long STEPS = 600;

    /** For whoever looks at some of them alone: what is in their names. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("ham.simulation.planted", ""));

    @TempDir
    private Path folder;

    static Stream<PlantedBug> bugs() {
        return PlantedBug.ALL.stream().filter(bug -> ONLY.matcher(bug.name()).find());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void eachPlantedBugIsFound(PlantedBug bug) throws ReflectiveOperationException, IOException {
        var classes = Files.createDirectory(folder.resolve("classes"));
        compile(bug, classes);
        var run = simulation(new FreshClasses(classes));
        for (var seed = 1; seed <= SEEDS; seed++) {
            var result = run.invoke(null, seed, STEPS, folder, 1);
            var audit = (String) result.getClass().getMethod("audit").invoke(result);
            if (bug.audit().isEmpty() ? !audit.isEmpty() : audit.equals(bug.audit())) {
                var why = (String) result.getClass().getMethod("why").invoke(result);
                System.out.printf("planted: %s; found by %s with seed %d: %s%n", bug.name(), audit, seed, brief(why));
                return;
            }
        }
        throw new AssertionError(bug.name() + ": not found " + (bug.audit().isEmpty() ? "" : "by " + bug.audit() + " ")
                + "within " + SEEDS + " seeds of " + STEPS + " steps");
    }

    private static String brief(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    @Test
    void eachAuditHasABugToFind() {
        try (var world = new World(1, folder, 1)) {
            var audits = Stream.concat(
                    world.audits.all().stream().map(Audit::name), Stream.of("NothingThrows", "ComesToRest"));
            assertThat(audits)
                    .allSatisfy(audit -> assertThat(PlantedBug.ALL)
                            .as(audit)
                            .anyMatch(bug -> bug.audit().equals(audit)));
        }
    }

    @Test
    void withoutPlantedBugsTheSameBudgetFindsNothing() {
        for (var seed = 1; seed <= SEEDS; seed++) {
            var result = Simulation.run(seed, STEPS, folder, Simulation.TOLD);
            assertThat(result.why()).as("seed %d", seed).isEmpty();
        }
    }

    private static Method simulation(ClassLoader loader) throws ReflectiveOperationException {
        return Class.forName(Simulation.class.getName(), true, loader)
                .getMethod("run", long.class, long.class, Path.class, int.class);
    }

    private static void compile(PlantedBug bug, Path classes) throws IOException {
        var file = root().resolve(bug.file());
        var source = bug.in(Files.readString(file));
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        var options = List.of(
                "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none", "-parameters");
        var name = String.valueOf(file.getFileName());
        var done = compiler.getTask(said, null, null, options, null, List.of(new Source(name, source)))
                .call();
        assertThat(done).as("%s: %s", bug.name(), said).isTrue();
    }

    /** The top of the project. */
    private static Path root() {
        var here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("mvnw"))) {
            here = java.util.Objects.requireNonNull(
                    here.getParent(), "no mvnw above " + Path.of("").toAbsolutePath());
        }
        return here;
    }

    /** A source that stands in no file. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("memory:///" + name), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Loads all of HAM anew, a few classes of it from a folder of their own. */
    private static final class FreshClasses extends ClassLoader {
        private final Path own;

        FreshClasses(Path own) {
            super(PlantedBugsTest.class.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.ham.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            var path = name.replace('.', '/') + ".class";
            try (var in = Files.exists(own.resolve(path))
                    ? Files.newInputStream(own.resolve(path))
                    : getParent().getResourceAsStream(path)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                var bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
