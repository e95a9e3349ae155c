/**
 * The detector of missed beats. Processes beat into pages of memory ({@link org.ham.api.HeartbeatPage}); one thread looks at
 * each page when it matters and not before, judges, and reports.
 */
@NullMarked
package org.ham.detector.heartbeat;

import org.jspecify.annotations.NullMarked;
