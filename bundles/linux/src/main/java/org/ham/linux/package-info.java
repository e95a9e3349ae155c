/**
 * The operating system: processes, signals, waiting, sockets and clocks of Linux, called through java.lang.foreign
 * without any C of ours. {@link org.ham.linux.Linux#open} gives all of it; in OSGi the same parts are services.
 *
 * <p>The bundle does not import its own package: whoever uses it is wired to this bundle alone, and updating any other
 * bundle leaves the kernel's handles in here alone.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.2.0")
@NullMarked
package org.ham.linux;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
