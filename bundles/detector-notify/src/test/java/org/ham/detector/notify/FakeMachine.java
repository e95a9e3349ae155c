package org.ham.detector.notify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.api.Beating;
import org.ham.api.ProcessId;
import org.ham.linux.Datagram;
import org.ham.linux.PassedDescriptor;
import org.ham.linux.Peer;
import org.ham.linux.ProcessRef;
import org.ham.spi.Reports;
import org.ham.spi.Roster;

/** Processes and entities in memory, and what is reported of them. Confined to the test, but for what is told aside. */
final class FakeMachine implements Proc, Roster, Reports {
    static final String RUN_DIR = "/run/ham";

    final Map<Long, Kinship> processes = new HashMap<>();
    final Map<Long, Map<String, String>> environments = new HashMap<>();
    final Map<Long, Long> users = new HashMap<>();
    final Map<String, Member> entities = new ConcurrentHashMap<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    long now = 1_000;

    /** A process whose start time is its pid, as long as nothing else is said. */
    void process(long pid, long parent, long session) {
        processes.put(pid, new Kinship(parent, session, session, pid));
    }

    void entity(String name, long pid, boolean started) {
        entities.put(name, new Member(name, id(pid), started));
    }

    void started(long pid, String entity, String invocation) {
        environments.put(pid, Map.of("HAM_RUN_DIR", RUN_DIR, "HAM_ENTITY", entity, "HAM_INVOCATION_ID", invocation));
    }

    static ProcessId id(long pid) {
        return new ProcessId(pid, pid, pid + 10_000, "boot");
    }

    static Peer peer(long pid, long uid) {
        return new Peer(pid, uid, uid, Optional.of(new ProcessRef(pid, pid, pid + 10_000, "boot")));
    }

    static Datagram datagram(Peer sender, String text, PassedDescriptor... descriptors) {
        return new Datagram(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), false, sender, List.of(descriptors), false);
    }

    Optional<ProcessId> identify(long pid) {
        return processes.containsKey(pid) ? Optional.of(id(pid)) : Optional.empty();
    }

    @Override
    public Optional<Kinship> kinship(long pid) {
        return Optional.ofNullable(processes.get(pid));
    }

    @Override
    public Map<String, String> environment(long pid) {
        return environments.getOrDefault(pid, Map.of());
    }

    @Override
    public long user(long pid) {
        return processes.containsKey(pid) ? users.getOrDefault(pid, 0L) : -1;
    }

    @Override
    public Optional<Member> of(long pid) {
        return entities.values().stream()
                .filter(member -> member.process().pid() == pid)
                .findFirst();
    }

    @Override
    public Optional<Member> of(String entity) {
        return Optional.ofNullable(entities.get(entity));
    }

    @Override
    public void missed(String entity, ProcessId process, Beating mark, int missed) {
        told.add(mark.word() + " " + missed + " " + entity + " " + process);
    }

    @Override
    public void beat(String entity, ProcessId process) {
        told.add("beat " + entity + " " + process);
    }

    @Override
    public void beatsAgain(String entity, ProcessId process) {
        throw new AssertionError("not told by this detector");
    }

    @Override
    public void ready(String entity, ProcessId process) {
        told.add("ready " + entity + " " + process);
    }

    @Override
    public void stopping(String entity, ProcessId process) {
        told.add("stopping " + entity + " " + process);
    }

    @Override
    public void reloading(String entity, ProcessId process) {
        told.add("reloading " + entity + " " + process);
    }

    @Override
    public void text(String entity, ProcessId process, String text) {
        told.add("text " + entity + " " + process + " " + text);
    }

    @Override
    public void mainProcess(String entity, ProcessId process, ProcessId main) {
        told.add("main " + entity + " " + process + " to " + main);
    }

    @Override
    public void lost(String entity, ProcessId process) {
        throw new AssertionError("not told by this detector");
    }
}
