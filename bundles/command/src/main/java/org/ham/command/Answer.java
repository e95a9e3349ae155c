package org.ham.command;

/**
 * What a HAM answered. Immutable.
 *
 * @param out what it printed
 * @param err its messages
 * @param exit the exit code
 */
record Answer(String out, String err, int exit) {}
