package org.ham.config;

import org.ham.api.EntitySpec;

/**
 * One document of an entity file. Immutable.
 *
 * @param entity what it declares
 * @param stopOnRemove whether its process is to be stopped when the document goes
 */
record EntityDocument(EntitySpec entity, boolean stopOnRemove) {}
