package org.ham.api;

/**
 * An upgrade under way: a node of another distribution gets ready to lead, or leads on probation. Immutable.
 *
 * @param from the distribution that led when it began
 * @param to the other one
 * @param candidate the process of the other one
 */
public record Upgrade(String from, String to, long candidate) {}
