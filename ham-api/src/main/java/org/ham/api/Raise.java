package org.ham.api;

/**
 * Something that was raised for an entity: what it means is between who raises and who listens. Immutable.
 *
 * @param type of what type
 * @param category of what class
 * @param severity how severe
 */
public record Raise(int type, int category, int severity) {}
