package org.ham.spi;

import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;

/**
 * An entity whose beats are to be watched. Immutable.
 *
 * @param entity its name
 * @param process the process that beats
 * @param heartbeat how often, and when missing beats count
 * @param beating what is known already: after {@link Beating#MISSED_LOW} the low mark is not told again
 * @param since {@code CLOCK_MONOTONIC} nanoseconds: no beat is expected before one period after this
 */
public record Monitored(String entity, ProcessId process, HeartbeatSpec heartbeat, Beating beating, long since) {}
