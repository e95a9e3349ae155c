/** The action {@code notify-pulse}. */
@NullMarked
package org.ham.action.notify.pulse;

import org.jspecify.annotations.NullMarked;
