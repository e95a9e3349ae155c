package org.ham.core.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.jspecify.annotations.Nullable;

/** A journal line while it is being written. Confined to one step. */
final class Line {
    private final String type;
    private @Nullable String entity;
    private @Nullable String condition;
    private @Nullable String action;
    private long pid;
    private @Nullable ExitReason reason;
    private @Nullable String outcome;
    private long cause;
    private final Map<String, Object> data = new LinkedHashMap<>();

    private Line(String type) {
        this.type = type;
    }

    static Line of(String type) {
        return new Line(type);
    }

    Line entity(String name) {
        entity = name;
        return this;
    }

    Line condition(@Nullable String name) {
        condition = name;
        return this;
    }

    Line action(@Nullable String name) {
        action = name;
        return this;
    }

    Line pid(long number) {
        pid = number;
        return this;
    }

    Line reason(@Nullable ExitReason why) {
        reason = why;
        return this;
    }

    Line outcome(String what) {
        outcome = what;
        return this;
    }

    Line cause(long seq) {
        cause = seq;
        return this;
    }

    Line put(String key, Object value) {
        data.put(key, value);
        return this;
    }

    Event at(Stamp stamp, long seq, boolean first) {
        return new Event(
                seq,
                stamp.epoch(),
                stamp.time(),
                stamp.mono(),
                type,
                Optional.ofNullable(entity),
                Optional.ofNullable(condition),
                Optional.ofNullable(action),
                pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty(),
                Optional.ofNullable(reason),
                Optional.ofNullable(outcome),
                cause > 0 ? OptionalLong.of(cause) : OptionalLong.empty(),
                first ? Optional.of(stamp.actor()) : Optional.empty(),
                data);
    }
}
