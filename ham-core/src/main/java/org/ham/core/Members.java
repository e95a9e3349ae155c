package org.ham.core;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ham.api.ProcessId;
import org.ham.spi.Roster.Member;

/** Who is watched as which process. Written by the leader alone, read by anybody. */
final class Members {
    private final Map<Long, Member> byPid = new ConcurrentHashMap<>();
    private final Map<String, Member> byEntity = new ConcurrentHashMap<>();

    void put(String entity, ProcessId process, boolean started) {
        var member = new Member(entity, process, started);
        byPid.put(process.pid(), member);
        byEntity.put(entity, member);
    }

    void remove(ProcessId process) {
        var member = byPid.get(process.pid());
        if (member != null && member.process().equals(process)) {
            byPid.remove(process.pid(), member);
            byEntity.remove(member.entity(), member);
        }
    }

    void clear() {
        byPid.clear();
        byEntity.clear();
    }

    Optional<Member> of(long pid) {
        return Optional.ofNullable(byPid.get(pid));
    }

    Optional<Member> of(String entity) {
        return Optional.ofNullable(byEntity.get(entity));
    }
}
