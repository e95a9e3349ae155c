package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.StartSpec;
import org.ham.spi.Supervisor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** What a test sees and does inside of the framework. */
final class Inside {
    static final Actor TEST = Actor.part("test");
    static final Duration SOON = Duration.ofSeconds(20);

    private final List<ProcessHandle> started = new ArrayList<>();
    private final List<String> attached = new ArrayList<>();

    /** Asked for each time: the class of a test is looked at outside of the framework as well. */
    BundleContext context() {
        return FrameworkUtil.getBundle(Inside.class).getBundleContext();
    }

    /** A service, once it is there. */
    <S> S service(Class<S> type) {
        var context = context();
        ServiceReference<S> reference = await("service " + type.getName())
                .atMost(SOON)
                .until(() -> context.getServiceReference(type), found -> found != null);
        return context.getService(reference);
    }

    Supervisor ham() {
        return service(Supervisor.class);
    }

    Path runDir() {
        return Path.of(context().getProperty("ham.run.dir"));
    }

    Bundle bundle(String name) {
        return List.of(context().getBundles()).stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + name));
    }

    List<Event> events() {
        return Lines.of(runDir());
    }

    /** The first line like this after another one, once it is there. */
    Event event(String what, long after, Predicate<Event> wanted) {
        return await(what)
                .atMost(SOON)
                .until(
                        () -> events().stream()
                                .filter(event -> event.seq() > after)
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    long lastSeq() {
        return ham().tree().seq();
    }

    /** Attaches a process that sleeps, restarted when it dies, with these actions after the restart. */
    long attachSleeper(String name, ActionSpec... afterRestart) {
        var actions = new ArrayList<>(List.of(restart()));
        actions.addAll(List.of(afterRestart));
        attached.add(name);
        ham().attach(
                        EntitySpec.started(name, StartSpec.of(List.of("sleep", "3600")))
                                .with(List.of(new ConditionSpec(
                                        "died", ConditionType.DEATH, java.util.Set.of(ConditionFlag.REARM), actions))),
                        TEST);
        return pid(name, 0);
    }

    private static ActionSpec restart() {
        return new ActionSpec("restart", "restart", java.util.Map.of(), java.util.Set.of(ActionFlag.REARM), List.of());
    }

    /** The pid of an entity that runs under another pid than this one. */
    long pid(String name, long other) {
        var pid = await(name + " runs")
                .atMost(SOON)
                .until(
                        () -> ham().entity(name)
                                .filter(entity -> entity.status().equals("running"))
                                .map(EntityView::pid)
                                .map(found -> found.orElse(0))
                                .orElse(0L),
                        found -> found != 0 && found != other);
        ProcessHandle.of(pid).ifPresent(started::add);
        return pid;
    }

    /** Kills an entity's process and waits until it is back; returns its new pid. */
    long killAndAwaitRestart(String name) {
        var old = pid(name, 0);
        kill(name);
        return pid(name, old);
    }

    void kill(String name) {
        var pid = pid(name, 0);
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly())
                .as("kill %s, process %d", name, pid)
                .isTrue();
    }

    /** Forgets the entities and ends the processes of this test. */
    void cleanUp() {
        var ham = ham();
        attached.stream()
                .filter(name -> ham.entity(name).isPresent())
                .forEach(name -> ham.detach(EntityHandle.of(name), TEST));
        attached.forEach(name -> await(name + " is gone")
                .atMost(SOON)
                .until(() -> ham.entity(name).isEmpty()));
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
