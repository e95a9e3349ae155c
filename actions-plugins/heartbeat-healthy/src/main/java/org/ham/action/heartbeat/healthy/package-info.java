/** The action {@code heartbeat-healthy}. */
@NullMarked
package org.ham.action.heartbeat.healthy;

import org.jspecify.annotations.NullMarked;
