package org.ham.spi;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings another version of one of HAM's own bundles into use, which cannot run beside the one that does. There while this process is
 * the HAM, by a hand-over to a process that runs with it. Thread-safe.
 */
@ProviderType
public interface OwnBundles {
    /**
     * Takes the jar of a bundle, and returns at once; what comes of it is told in the timeline. One that runs already is taken too.
     *
     * @param jar the jar, which stays where it is as long as it is wanted
     * @param symbolicName what the bundle is called
     * @param version its version
     * @return why it is not taken; empty when it is
     */
    Optional<String> offer(Path jar, String symbolicName, String version);

    /** The jar is not there any more: if it runs, the distribution's own bundle comes back in the same way. Returns at once. */
    void withdraw(Path jar);
}
