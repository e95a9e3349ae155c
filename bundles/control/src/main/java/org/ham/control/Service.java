package org.ham.control;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.api.ProcessId;
import org.ham.spi.Connections;
import org.ham.wire.Budget;

/**
 * What all connections share.
 *
 * @param connections the HAM
 * @param limits how much a client may take
 * @param budget the memory of all
 * @param ancestry who was started by whom
 * @param installed what is there as long as its bundle is
 * @param notifying sends pulses and signals
 * @param self the process of this HAM
 * @param big held while a reply of unknown size is made, so that there is one at a time
 */
record Service(
        Connections connections,
        Limits limits,
        Budget budget,
        Ancestry ancestry,
        Installed installed,
        Notifying notifying,
        long self,
        ReentrantLock big) {
    Optional<String> page(String entity, ProcessId process, long uid) {
        return installed.pages().map(pages -> pages.page(entity, process, uid).toString());
    }
}
