package org.ham.itests.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Ham;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.api.StartSpec;
import org.ham.client.HamClient;

/** A HAM that runs, this program's connection to it, and the world in which actions leave their traces. Thread-safe. */
final class Stage implements AutoCloseable {
    static final List<String> SLEEP = List.of("sleep", "100000");

    final HamInstance instance;
    final Ham ham;
    final Heard heard;
    final PulseChannel channel;
    private final Map<Integer, Pulse> pulses = new ConcurrentHashMap<>();
    private final List<Process> children = Collections.synchronizedList(new ArrayList<>());

    /** Over a HAM that was started. */
    Stage(HamInstance instance) {
        this.instance = instance;
        ham = HamClient.connect(instance.runDir);
        heard = new Heard(ham);
        channel = ham.openChannel(pulse -> pulses.put(pulse.code(), pulse));
    }

    /** An entity that sleeps, once it runs. */
    EntityHandle sleeping(String name, ConditionSpec... conditions) {
        return running(EntitySpec.started(name, StartSpec.of(SLEEP)).with(List.of(conditions)));
    }

    /** An entity that HAM starts, once it runs. */
    EntityHandle running(EntitySpec spec) {
        var handle = ham.attach(spec);
        heard.await("attached", spec.name());
        return handle;
    }

    long pid(String entity) {
        return ham.find(entity).orElseThrow().pid().orElseThrow();
    }

    /** A process of this program that sleeps. */
    Process sleeper() {
        return child(SLEEP);
    }

    Process child(List<String> command) {
        try {
            var process = new ProcessBuilder(command).start();
            children.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that has ended and was waited for. */
    long deadPid() {
        var process = child(List.of("true"));
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return process.pid();
    }

    /** A file for the traces of actions; not there yet. */
    Path file(String name) {
        return instance.conf.resolve(name + ".trace");
    }

    /** Waits until a file is there, and gives what it says. */
    static String awaitText(Path file) {
        try {
            Awaitility.await(file.toString()).atMost(HamInstance.PATIENCE).until(() -> Files.exists(file));
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Pulse awaitPulse(int code) {
        Awaitility.await("pulse " + code).atMost(HamInstance.PATIENCE).until(() -> pulses.containsKey(code));
        return Objects.requireNonNull(pulses.get(code));
    }

    static ConditionSpec on(ConditionType type, String name, Set<ConditionFlag> flags, ActionSpec... actions) {
        return ConditionSpec.of(name, type, flags).with(List.of(actions));
    }

    static ActionSpec log(String name, ActionFlag... flags) {
        return action(name, "log", Map.of("message", name), flags);
    }

    static ActionSpec restart(ActionFlag... flags) {
        return action("restart", "restart", Map.of(), flags);
    }

    static ActionSpec action(String name, String type, Map<String, Object> parameters, ActionFlag... flags) {
        return new ActionSpec(name, type, parameters, Set.of(flags), List.of());
    }

    @Override
    public void close() {
        heard.close();
        ham.close();
        children.forEach(Process::destroyForcibly);
    }
}
