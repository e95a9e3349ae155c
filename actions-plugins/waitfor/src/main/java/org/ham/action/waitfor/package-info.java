/** The action {@code waitfor}. */
@NullMarked
package org.ham.action.waitfor;

import org.jspecify.annotations.NullMarked;
