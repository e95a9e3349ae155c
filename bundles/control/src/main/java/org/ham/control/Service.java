package org.ham.control;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.ham.api.ProcessId;
import org.ham.spi.Connections;
import org.ham.spi.HeartbeatPages;
import org.ham.wire.Budget;

/**
 * What all connections share.
 *
 * @param connections the HAM
 * @param limits how much a client may take
 * @param budget the memory of all
 * @param ancestry who was started by whom
 * @param pages gives pages to beat into, when the detector of heartbeats is installed
 * @param big held while a reply of unknown size is made, so that there is one at a time
 */
record Service(
        Connections connections,
        Limits limits,
        Budget budget,
        Ancestry ancestry,
        Supplier<Optional<HeartbeatPages>> pages,
        ReentrantLock big) {
    Optional<String> page(String entity, ProcessId process, long uid) {
        return pages.get().map(pages -> pages.page(entity, process, uid).toString());
    }
}
