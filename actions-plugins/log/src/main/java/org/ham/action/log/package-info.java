/** The action {@code log}. */
@NullMarked
package org.ham.action.log;

import org.jspecify.annotations.NullMarked;
