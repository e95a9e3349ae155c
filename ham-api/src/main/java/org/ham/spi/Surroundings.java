package org.ham.spi;

import java.util.Map;
import java.util.Optional;
import org.ham.api.HeartbeatSpec;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the processes that HAM starts find around them besides HAM's own variables, such as a socket to report to. The core
 * asks on its own thread, so everything must be quick; an exception is reported and the start goes on without.
 */
@ConsumerType
public interface Surroundings {
    /**
     * This process is about to be the HAM: makes what started processes look for, before any of them is started. Called
     * again when it leads again.
     */
    void prepare();

    /**
     * Variables for the environment of a process that is about to be started. What the entity's own environment names wins.
     * A value may be {@link Host#ITS_PID}.
     *
     * @param heartbeat how often it is expected to beat
     */
    Map<String, String> variables(String entity, Optional<HeartbeatSpec> heartbeat);
}
