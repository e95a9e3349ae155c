/**
 * The client recovery library driven by HAM: {@link org.ham.recovery.ham.EntityRetry} lets a recovery wait until HAM says that the server
 * is back. A package of its own, so that the library itself needs the JDK alone.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.ham.recovery.ham;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
