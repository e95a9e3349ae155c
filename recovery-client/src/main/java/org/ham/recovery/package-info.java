/**
 * Connections that come back by themselves. A {@link org.ham.recovery.Connection} holds what a program talks through; when that is
 * lost, the program's own {@link org.ham.recovery.Recovery} function brings it back and the operation that failed is carried out again
 * as far as its {@link org.ham.recovery.Replay} allows. Needs the JDK alone, has no thread of its own.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.ham.recovery;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
