package org.ham.api;

import java.util.List;

/**
 * A snapshot of all entities, sorted by name; the global entity comes last and only when it has conditions. Immutable.
 *
 * @param seq the last journal line it reflects
 * @param entities the entities
 */
public record Tree(long seq, List<EntityView> entities) {}
