/** Tests of the distribution as it was put together. */
@NullMarked
package org.ham.dist;

import org.jspecify.annotations.NullMarked;
