/**
 * Covers for OSGi services: {@link org.ham.recovery.osgi.RecoveringService} is a service that outlives the replacement of its provider.
 * A package of its own, so that the client recovery library itself needs the JDK alone.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.ham.recovery.osgi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
