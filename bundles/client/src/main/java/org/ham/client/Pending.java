package org.ham.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.wire.Message;
import org.jspecify.annotations.Nullable;

/** The calls that were not answered yet, in the order in which they were made. Confined to the lock of the {@link Exchange}. */
final class Pending {
    private final int most;
    private final Map<Long, Call> calls = new LinkedHashMap<>();
    private long ids;

    Pending(int most) {
        this.most = most;
    }

    /**
     * A call with the next id, which does not wait for its answer before it is {@linkplain #put put} here.
     *
     * @throws HamException {@code LIMIT} when as many as may be are under way
     */
    Call next(String method, Object params, Consumer<Object> done, @Nullable Wire only) {
        if (calls.size() >= most) {
            throw new HamException(Code.LIMIT, most + " calls are under way, the most there may be; wait for one");
        }
        return new Call(++ids, Message.request(ids, method, params), done, only);
    }

    void put(Call call) {
        calls.put(call.id, call);
    }

    void remove(Call call) {
        calls.remove(call.id);
    }

    /** The call that an answer is for; null when nobody waits for it any more. */
    @Nullable
    Call take(Object id) {
        return id instanceof Long number ? calls.remove(number) : null;
    }

    /** Sends again what goes on over the next connection, which this is. */
    void sendOver(Wire wire) {
        calls.values().stream().filter(call -> call.only == null).forEach(call -> call.sendOver(wire));
    }

    /** Takes out the calls that end with a connection. */
    List<Call> takeOf(Wire wire) {
        var left = calls.values().stream().filter(call -> call.only == wire).toList();
        left.forEach(this::remove);
        return left;
    }

    List<Call> takeAll() {
        var all = List.copyOf(calls.values());
        calls.clear();
        return all;
    }
}
