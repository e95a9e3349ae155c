/** The HAM for programs in other processes. */
@NullMarked
@Export
@Version("1.0.0")
package org.ham.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
