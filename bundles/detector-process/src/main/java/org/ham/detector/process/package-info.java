/** The detector of process deaths: HAM's core sees the machine through it. */
@NullMarked
package org.ham.detector.process;

import org.jspecify.annotations.NullMarked;
