/** Tests of the bundles in an OSGi framework, and of the architecture. */
@NullMarked
package org.ham.itests.osgi;

import org.jspecify.annotations.NullMarked;
