/** Measures the detector of missed beats; in its package, because it lets nothing out of it. */
@NullMarked
package org.ham.detector.heartbeat;

import org.jspecify.annotations.NullMarked;
