package org.ham.core.engine;

import java.time.Instant;
import org.ham.api.Actor;

/**
 * When and where an input enters the journal. Immutable.
 *
 * @param seq the number of its line
 */
public record Stamp(long seq, long epoch, Instant time, long mono, Actor actor) {}
