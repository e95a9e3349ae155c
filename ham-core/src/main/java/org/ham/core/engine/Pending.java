package org.ham.core.engine;

import org.ham.api.StartSpec;

/**
 * A start that was decided and whose outcome is not known yet. Immutable.
 *
 * @param invocation what the process will carry in its environment
 * @param start what to start
 * @param restart whether a restart action asked for it; otherwise an attach did
 * @param fresh for an attach: the entity did not exist before, and goes again when the start fails
 * @param seq the line that decided it
 */
public record Pending(String invocation, StartSpec start, boolean restart, boolean fresh, long seq) {}
