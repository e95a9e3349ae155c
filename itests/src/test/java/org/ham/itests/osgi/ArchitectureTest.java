package org.ham.itests.osgi;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.component.annotations.Reference;

/** Who may know whom, and who may touch time, threads and processes: the class files of all modules are asked. */
final class ArchitectureTest {
    private static final Path ROOT = Path.of(System.getProperty("ham.root", ".."));
    private static final List<String> PARENTS = List.of("", "bundles", "actions-plugins");

    /** One package a bundle; the core's fold has its own. */
    private static final Set<String> PACKAGES = Set.of(
            "org.ham.api",
            "org.ham.spi",
            "org.ham.linux",
            "org.ham.journal",
            "org.ham.core",
            "org.ham.core.engine",
            "org.ham.guardian",
            "org.ham.detector.process",
            "org.ham.detector.heartbeat",
            "org.ham.detector.notify",
            "org.ham.action.restart",
            "org.ham.action.execute",
            "org.ham.action.waitfor",
            "org.ham.action.notify.signal",
            "org.ham.action.notify.pulse",
            "org.ham.action.log",
            "org.ham.action.heartbeat.healthy",
            "org.ham.wire",
            "org.ham.control",
            "org.ham.client",
            "org.ham.recovery",
            "org.ham.recovery.ham",
            "org.ham.recovery.osgi",
            "org.ham.shell",
            "org.ham.view",
            "org.ham.cluster",
            "org.ham.config",
            "org.ham.command");

    /** Outside the bundles that are made for it: classes that may ask for the time or for processes, and why. */
    private static final Set<String> MAY_TOUCH_THE_SYSTEM = Set.of(
            // halts the process that has handed over, so that nothing of it acts once more
            "org.ham.guardian.Threads",
            // names its own pid in the journal
            "org.ham.core.SupervisorService",
            // halts the process on an Error, so that the Guardian takes over
            "org.ham.core.Loop",
            // beats: the clock read is all there is to it
            "org.ham.api.HeartbeatPage",
            // how long a socket has been silent, in a library that knows nothing of HAM
            // a plain jar, which may know of no other bundle
            "org.ham.recovery.Ticker",
            // looks again after a while when the machine has no watch left for it
            "org.ham.shell.Timeline");

    /** Gogo gives a command its end of the pipe as System.out. */
    private static final Set<String> MAY_PRINT = Set.of("org.ham.shell.GogoCommands");

    private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(modules());

    private static List<Path> modules() {
        return PARENTS.stream()
                .map(ROOT::resolve)
                .flatMap(ArchitectureTest::children)
                // programs that measure and that simulate, no bundles
                .filter(module -> !module.endsWith("bench") && !module.endsWith("simulation"))
                .map(module -> module.resolve("target/classes"))
                .filter(classes -> Files.isDirectory(classes.resolve("org/ham")))
                .toList();
    }

    private static Stream<Path> children(Path folder) {
        try (var children = Files.list(folder)) {
            return children.toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyPackageIsLookedAt() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(PACKAGES);
    }

    @ParameterizedTest(name = "{0} knows of ours only {1}")
    @CsvSource({
        "org.ham.api, ''",
        "org.ham.spi, api",
        "org.ham.linux, ''",
        "org.ham.journal, api",
        "org.ham.core, api spi journal core.engine",
        "org.ham.core.engine, api",
        "org.ham.guardian, api spi journal linux",
        "org.ham.detector.process, api spi linux",
        "org.ham.detector.heartbeat, api spi linux",
        "org.ham.detector.notify, api spi linux",
        "org.ham.action.restart, api spi",
        "org.ham.action.execute, api spi",
        "org.ham.action.waitfor, api spi",
        "org.ham.action.log, api spi",
        "org.ham.action.heartbeat.healthy, api spi",
        "org.ham.action.notify.pulse, api spi",
        "org.ham.wire, api",
        "org.ham.control, api spi linux wire",
        "org.ham.client, api wire",
        "org.ham.recovery, ''",
        "org.ham.recovery.ham, api recovery",
        "org.ham.recovery.osgi, recovery",
        "org.ham.action.notify.signal, api spi linux",
        "org.ham.shell, api spi journal linux",
        "org.ham.view, api spi linux",
        "org.ham.cluster, api spi linux wire",
        "org.ham.config, api spi",
        "org.ham.command, api journal linux shell config",
    })
    void knowsOnlyWhatItMay(String bundle, String others) {
        var allowed = Stream.concat(
                        Stream.of(bundle),
                        Stream.of(others.split(" ")).filter(o -> !o.isEmpty()).map("org.ham."::concat))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(bundle)
                .should()
                .dependOnClassesThat(resideInAPackage("org.ham..").and(not(resideInAnyPackage(allowed))))
                .check(CLASSES);
    }

    @Test
    void theFoldIsPure() {
        noClasses()
                .that()
                .resideInAPackage("org.ham.core.engine")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.lang.foreign..",
                        "org.osgi..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class,
                        Process.class,
                        ProcessBuilder.class,
                        ProcessHandle.class,
                        Runtime.class,
                        Clock.class,
                        java.util.Random.class,
                        java.util.Timer.class,
                        System.Logger.class)
                .orShould()
                .accessTargetWhere(asksForTimeOrProcesses())
                .because("the fold decides by its arguments alone")
                .check(CLASSES);
    }

    @Test
    void onlyFewMayAskForTimeAndProcesses() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.ham.linux", "org.ham.detector.process", "org.ham.command")
                .and(not(describe("are named in the list", c -> MAY_TOUCH_THE_SYSTEM.contains(outermost(c)))))
                .should()
                .accessTargetWhere(asksForTimeOrProcesses())
                .because("time, sleeping and processes come from the Linux bundle, so that tests can stand in for them")
                .check(CLASSES);
    }

    @Test
    void theListOfExceptionsNamesClassesThatNeedIt() {
        assertThat(CLASSES.stream()
                        .filter(c -> c.getAccessesFromSelf().stream().anyMatch(asksForTimeOrProcesses()))
                        .map(ArchitectureTest::outermost))
                .containsAll(MAY_TOUCH_THE_SYSTEM);
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static DescribedPredicate<JavaAccess<?>> asksForTimeOrProcesses() {
        return describe("ask for time or processes", access -> {
            var owner = access.getTargetOwner();
            var member = access.getName();
            return Stream.of(ProcessBuilder.class, ProcessHandle.class, Runtime.class)
                            .anyMatch(owner::isEquivalentTo)
                    || owner.isEquivalentTo(System.class)
                            && Set.of("nanoTime", "currentTimeMillis").contains(member)
                    || owner.isEquivalentTo(Instant.class) && member.equals("now")
                    || owner.isEquivalentTo(Thread.class) && member.equals("sleep");
        });
    }

    @Test
    void nativeCodeIsCalledFromOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.ham.linux")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.lang.foreign.Linker.class, java.lang.foreign.SymbolLookup.class)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandPrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.ham.command")
                .and(not(describe("are named in the list", c -> MAY_PRINT.contains(outermost(c)))))
                .should()
                .accessTargetWhere(describe(
                        "are System.out or System.err",
                        access -> access.getTargetOwner().isEquivalentTo(System.class)
                                && Set.of("out", "err").contains(access.getName())))
                .check(CLASSES);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        fields().should().notBeAnnotatedWith(Reference.class).check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.ham.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nobodyStartsOrStopsBundlesByHand() {
        classes()
                .should()
                .notImplement("org.osgi.framework.BundleActivator")
                .because("everything is wired by Declarative Services")
                .check(CLASSES);
    }
}
