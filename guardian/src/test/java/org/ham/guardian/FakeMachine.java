package org.ham.guardian;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.ham.linux.ExitStatus;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.linux.Spawn;

/** Processes that exist in memory only; a signal that ends a process ends it when the test says so. Thread-safe. */
final class FakeMachine implements Processes, Signals {
    static final long ME = 100;
    private static final int ESRCH = 3;

    final List<Spawn> spawned = new CopyOnWriteArrayList<>();
    final List<String> signals = new CopyOnWriteArrayList<>();
    private final Map<Long, ProcessRef> alive = new ConcurrentHashMap<>();
    private final Map<Long, Map<String, String>> environments = new ConcurrentHashMap<>();
    private final Map<ProcessRef, Consumer<ExitStatus>> watchers = new ConcurrentHashMap<>();
    private long nextPid = 200;
    volatile boolean spawnFails;
    volatile boolean dieOnTerm;

    FakeMachine() {
        add(ME);
    }

    ProcessRef add(long pid) {
        var process = new ProcessRef(pid, pid * 10, pid * 100, "boot");
        alive.put(pid, process);
        return process;
    }

    /** One that was started with an environment; of others none is known, and any may be meant. */
    ProcessRef add(long pid, Map<String, String> environment) {
        environments.put(pid, environment);
        return add(pid);
    }

    /** The next process to be started has this number. */
    void skipTo(long pid) {
        nextPid = pid;
    }

    void die(long pid, ExitStatus status) {
        var process = alive.remove(pid);
        if (process != null) {
            var watcher = watchers.remove(process);
            if (watcher != null) {
                watcher.accept(status);
            }
        }
    }

    List<Long> livingGuardians() {
        var pids = new ArrayList<>(alive.keySet());
        pids.remove(ME);
        return pids;
    }

    @Override
    public void check(Spawn spawn) {}

    @Override
    public synchronized ProcessRef spawn(Spawn spawn) {
        spawned.add(spawn);
        if (spawnFails) {
            throw new LinuxException("no such program", 2);
        }
        return add(nextPid++, spawn.environment());
    }

    @Override
    public ProcessRef self() {
        return identify(ME);
    }

    @Override
    public ProcessRef identify(long pid) {
        var process = alive.get(pid);
        if (process == null) {
            throw new LinuxException("no process " + pid, ESRCH);
        }
        return process;
    }

    @Override
    public Optional<ProcessRef> findByEnvironment(Map<String, String> variables) {
        return livingGuardians().stream()
                .filter(pid ->
                        environments.getOrDefault(pid, variables).entrySet().containsAll(variables.entrySet()))
                .findFirst()
                .map(alive::get);
    }

    @Override
    public boolean isAlive(ProcessRef process) {
        return alive.containsValue(process);
    }

    @Override
    public void watch(ProcessRef process, Consumer<ExitStatus> listener) {
        if (isAlive(process)) {
            watchers.put(process, listener);
        } else {
            listener.accept(ExitStatus.UNKNOWN);
        }
    }

    @Override
    public void unwatch(ProcessRef process) {
        watchers.remove(process);
    }

    @Override
    public int watched() {
        return watchers.size();
    }

    @Override
    public void send(ProcessRef process, int signal) {
        if (!isAlive(process)) {
            throw new LinuxException("no process " + process.pid(), ESRCH);
        }
        signals.add(signal + " to " + process.pid());
        if (signal == 9 || signal == 15 && dieOnTerm) {
            die(process.pid(), ExitStatus.signalled(signal, false));
        }
    }

    @Override
    public void send(ProcessRef process, int signal, int value) {
        send(process, signal);
    }

    @Override
    public void sendToGroup(ProcessRef leader, int signal) {
        send(leader, signal);
    }
}
