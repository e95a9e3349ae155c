package org.ham.client;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ham.wire.Calls;
import org.ham.wire.Params;
import org.ham.wire.Reading;

/** Calls to the HAM. Thread-safe. */
final class Remote {
    private final Link link;
    private final String session = UUID.randomUUID().toString().substring(0, 13);
    private final AtomicLong requests = new AtomicLong();

    Remote(Link link) {
        this.link = link;
    }

    /** Asks something that changes nothing. */
    <T extends Record> T ask(String method, Record params, Class<T> result) {
        return Reading.LENIENT.read(link.ask(method, params, _ -> {}), result, "result");
    }

    /** Asks for a change under an id, so that it is carried out once. */
    Object change(String method, Record params, Consumer<Object> done) {
        return link.ask(method, Params.with(params, Calls.REQUEST, session + "-" + requests.incrementAndGet()), done);
    }

    <T extends Record> T change(String method, Record params, Class<T> result) {
        return Reading.LENIENT.read(change(method, params, _ -> {}), result, "result");
    }
}
