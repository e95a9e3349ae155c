/**
 * The detector of what daemons say of themselves: the socket of sd_notify(3). The kernel tells who sends, each message is
 * attributed to an entity, and what it says goes to the core.
 */
@NullMarked
package org.ham.detector.notify;

import org.jspecify.annotations.NullMarked;
