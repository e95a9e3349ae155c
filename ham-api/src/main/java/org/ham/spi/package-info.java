/**
 * What plug-ins implement, and what HAM gives them. An action is one class that implements {@link org.ham.spi.Action} and
 * is registered as a service under {@link org.ham.spi.ActionType}.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.ham.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
