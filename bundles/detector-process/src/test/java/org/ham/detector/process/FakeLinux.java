package org.ham.detector.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.ham.linux.Clocks;
import org.ham.linux.ExitStatus;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Reactor;
import org.ham.linux.Signals;
import org.ham.linux.Spawn;

/** An operating system in memory. Confined to the test's thread. */
final class FakeLinux implements Processes, Signals, Reactor, Clocks {
    final List<Spawn> spawned = new ArrayList<>();
    final List<String> sent = new ArrayList<>();
    Optional<LinuxException> refusal = Optional.empty();
    long now;
    private final Map<ProcessRef, Spawn> living = new HashMap<>();
    private final Map<ProcessRef, Consumer<ExitStatus>> listeners = new HashMap<>();
    private final Queue<Runnable> due = new ArrayDeque<>();

    void die(ProcessRef process, ExitStatus status) {
        living.remove(process);
        Optional.ofNullable(listeners.remove(process)).ifPresent(listener -> due.add(() -> listener.accept(status)));
    }

    @Override
    public void check(Spawn spawn) {
        refusal.ifPresent(refused -> {
            throw refused;
        });
    }

    @Override
    public ProcessRef spawn(Spawn spawn) {
        check(spawn);
        spawned.add(spawn);
        ProcessRef process = new ProcessRef(1000L + spawned.size(), 7, spawned.size(), "boot");
        living.put(process, spawn);
        return process;
    }

    @Override
    public ProcessRef self() {
        return new ProcessRef(1, 1, 1, "boot");
    }

    @Override
    public ProcessRef identify(long pid) {
        return living.keySet().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(() -> new LinuxException("there is no process " + pid, 3));
    }

    @Override
    public Optional<ProcessRef> findByEnvironment(Map<String, String> variables) {
        return living.entrySet().stream()
                .filter(entry -> entry.getValue().environment().entrySet().containsAll(variables.entrySet()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public boolean isAlive(ProcessRef process) {
        return living.containsKey(process);
    }

    @Override
    public void watch(ProcessRef process, Consumer<ExitStatus> listener) {
        if (living.containsKey(process)) {
            listeners.put(process, listener);
        } else {
            due.add(() -> listener.accept(ExitStatus.UNKNOWN));
        }
    }

    @Override
    public void unwatch(ProcessRef process) {
        listeners.remove(process);
    }

    @Override
    public int watched() {
        return listeners.size();
    }

    @Override
    public void send(ProcessRef process, int signal) {
        if (!living.containsKey(process)) {
            throw new LinuxException("process " + process.pid() + " is dead", 3);
        }
        sent.add(Signals.name(signal) + " to " + process.pid());
    }

    @Override
    public void send(ProcessRef process, int signal, int value) {
        send(process, signal);
    }

    @Override
    public void sendToGroup(ProcessRef leader, int signal) {
        send(leader, signal);
    }

    @Override
    public void await(long nanos) {
        for (Runnable task = due.poll(); task != null; task = due.poll()) {
            task.run();
        }
    }

    @Override
    public void wake() {}

    @Override
    public AutoCloseable onReadable(int fd, Runnable callback) {
        throw new UnsupportedOperationException("descriptors are not needed here");
    }

    @Override
    public long monotonic() {
        return now;
    }
}
