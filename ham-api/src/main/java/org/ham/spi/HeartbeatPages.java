package org.ham.spi;

import java.nio.file.Path;
import org.ham.api.ProcessId;
import org.osgi.annotation.versioning.ProviderType;

/** Gives processes that attach themselves a page of memory to beat into. Thread-safe. */
@ProviderType
public interface HeartbeatPages {
    /**
     * The file of the page for a process, made when it is not there yet; it can be mapped by the user the process runs as.
     *
     * @param uid that user
     * @throws org.ham.api.HamException {@code FAILED} when it cannot be made
     */
    Path page(String entity, ProcessId process, long uid);
}
