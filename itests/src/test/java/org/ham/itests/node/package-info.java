/** Tests of the real distribution: two JVMs, real children, real kills. */
@NullMarked
package org.ham.itests.node;

import org.jspecify.annotations.NullMarked;
