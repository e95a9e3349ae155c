/**
 * A Java agent that kills a HAM or Guardian at a chosen step, with a real SIGKILL of its own process. The product knows
 * nothing of it: it is given to both processes with {@code JDK_JAVA_OPTIONS}, weaves probes around the methods listed in
 * {@link PointTable} and does what a {@link CrashPage} says that the test shares with all of them.
 */
@NullMarked
package org.ham.crash;

import org.jspecify.annotations.NullMarked;
