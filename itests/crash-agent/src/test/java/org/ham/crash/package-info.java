/** Tests of the agent. */
@NullMarked
package org.ham.crash;

import org.jspecify.annotations.NullMarked;
