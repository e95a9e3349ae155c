/** The action {@code execute}. */
@NullMarked
package org.ham.action.execute;

import org.jspecify.annotations.NullMarked;
