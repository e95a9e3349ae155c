package org.ham.recovery;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a server has carried out: a request is a line, and is carried out when it has come whole. Thread-safe. */
final class Ledger {
    private final List<String> done = new CopyOnWriteArrayList<>();

    void serve(SocketChannel client) throws IOException {
        for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
            Lines.write(client, carryOut(line.get()));
        }
    }

    String carryOut(String request) {
        done.add(request);
        return answer(request);
    }

    static String answer(String request) {
        return "done: " + request;
    }

    List<String> done() {
        return List.copyOf(done);
    }
}
