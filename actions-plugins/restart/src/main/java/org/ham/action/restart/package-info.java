/** The action {@code restart}. */
@NullMarked
package org.ham.action.restart;

import org.jspecify.annotations.NullMarked;
