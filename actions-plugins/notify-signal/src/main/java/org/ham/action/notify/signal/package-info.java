/** The action {@code notify-signal}. */
@NullMarked
package org.ham.action.notify.signal;

import org.jspecify.annotations.NullMarked;
