/**
 * The journal: the one ordered record of all events, kept in files that one process appends to and any number of
 * processes follow. {@link org.ham.journal.Journal} opens it; {@code docs/journal.md} has the format.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.ham.journal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
