/**
 * The vocabulary of HAM: names, specifications, views and events as immutable records, and {@link org.ham.api.Ham},
 * the service that programs call. Everything here is thread-safe.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.ham.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
