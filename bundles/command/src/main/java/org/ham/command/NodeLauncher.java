package org.ham.command;

import java.nio.file.Path;
import java.util.Optional;

/** Starts a node; a seam for tests. */
interface NodeLauncher {
    /** Starts one in a session of its own, its output appended to the instance's log; returns its pid. */
    long launch(Instance instance, Optional<Path> configuration);
}
