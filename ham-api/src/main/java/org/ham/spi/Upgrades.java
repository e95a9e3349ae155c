package org.ham.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ham.api.Actor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces all of HAM, the Java machine included, while it supervises. There while this process is the HAM. Thread-safe.
 */
@ProviderType
public interface Upgrades {
    /**
     * Begins to upgrade; the timeline tells how it goes on. A node of the other distribution gets ready beside the Guardian, the
     * HAM hands over to it, the Guardian stays until the new HAM has proved itself and has one of its own. If the other one does
     * not get ready nothing changes; if it fails later, the Guardian takes over, which is of the old distribution still.
     *
     * @param distribution its folder; the one that runs, to begin anew with other settings, bundles or another Java machine
     * @param java the Java machine for it; empty for the one that it finds itself
     * @param with the jars of the plug-in folder that it is for: they are not tried again when it fails
     * @return the process that gets ready
     * @throws org.ham.api.HamException {@code EXISTS} while another upgrade is under way, {@code NOT_FOUND} when that is no
     *     distribution, {@code INVALID} when nodes are started by a command of the user's own, {@code FAILED} without a
     *     Guardian that is ready or when the node cannot be started
     */
    long begin(Path distribution, Optional<Path> java, List<Path> with, Actor actor);
}
