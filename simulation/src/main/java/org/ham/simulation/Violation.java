package org.ham.simulation;

/**
 * That something is not as it should be. Immutable.
 *
 * @param audit who found it
 * @param why what it is
 */
record Violation(String audit, String why) {}
