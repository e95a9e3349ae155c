package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.ham.api.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jars in the plug-in folder of the real distribution that do not come up, or do not belong there. */
final class RolledBackIT {
    private static final String GREETED = """
            entity: greeted
            start: [sleep, "3600"]
            conditions:
              died:
                when: death
                flags: [rearm]
                actions:
                  - restart: {flags: [rearm]}
                  - hello: {type: greet, who: Ada, flags: [rearm, keep-on-fail]}
            """;

    @RegisterExtension
    final Installation ham = new Installation();

    private final Path folder = Setup.freshFolder();

    @Test
    void aJarThatDoesNotComeUpGivesWayToTheOneBefore() {
        ham.drop(Setup.plugin(folder, "1.0.0"));
        ham.entity("greeted", GREETED).startDistribution();
        var started = ham.event("started", 0);
        assertThat(outcomeOfNextDeath()).isEqualTo("ok: hello Ada from version 1.0.0");

        ham.drop(Setup.plugin(folder, "2.0.0", "org.nowhere;version=1"));
        var unresolved = alarm(started.seq());
        assertThat(unresolved.data().toString())
                .contains("greet.jar does not work: version 2.0.0: it does not come up", "Version 1.0.0 runs again");
        assertThat(outcomeOfNextDeath()).isEqualTo("ok: hello Ada from version 1.0.0");

        ham.drop(broken());
        var torn = alarm(unresolved.seq());
        assertThat(torn.data().toString()).contains("it is no bundle, or not whole", "Version 1.0.0 runs again");
        assertThat(outcomeOfNextDeath()).isEqualTo("ok: hello Ada from version 1.0.0");

        ham.drop(Setup.plugin(folder, "3.0.0"));
        ham.event("alarm-over", torn.seq());
        assertThat(outcomeOfNextDeath()).isEqualTo("ok: hello Ada from version 3.0.0");
    }

    @Test
    void aFirstOneThatDoesNotComeUpIsToldOfUntilItIsTakenAway() {
        ham.startDistribution();
        var begun = ham.event("guardian-ready", 0);
        ham.drop(Setup.plugin(folder, "1.0.0", "org.nowhere;version=1"));
        var told = alarm(begun.seq());
        assertThat(told.data().toString())
                .contains("greet.jar does not work: version 1.0.0", "There is no earlier one", "mend it");
        ham.removeDropped();
        ham.event("alarm-over", told.seq());
    }

    @Test
    void aJarOfHamItselfThatDoesNotComeUpIsLeftOutUntilItIsTakenAway() {
        ham.startDistribution();
        var begun = ham.event("guardian-ready", 0);
        ham.drop(own("org.ham.core", "9.9.9"));
        var failed = ham.event("upgrade-failed", begun.seq());
        assertThat(failed.outcome().orElseThrow()).contains("is of no use", "is not whole");
        var told = ham.event(
                "the alarm",
                begun.seq(),
                event -> event.type().equals("alarm")
                        && event.data().toString().contains("greet.jar did not come up and is left out"));
        ham.removeDropped();
        ham.event("alarm-over", told.seq());
    }

    private Event alarm(long after) {
        return ham.event(
                "the alarm",
                after,
                event -> event.type().equals("alarm") && event.data().toString().contains("plugin:greet.jar"));
    }

    private String outcomeOfNextDeath() {
        var started = ham.killAndAwaitRestart(ham.last("started"));
        return ham.event(
                        "the outcome",
                        started.seq(),
                        event -> event.action().filter("hello"::equals).isPresent()
                                && event.outcome().isPresent())
                .outcome()
                .orElseThrow();
    }

    private Path broken() {
        var file = folder.resolve("broken.jar");
        write(file, "PK, and nothing else");
        return file;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path own(String symbolicName, String version) {
        var file = folder.resolve(symbolicName + ".jar");
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", symbolicName);
        main.putValue("Bundle-Version", version);
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            jar.finish();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
