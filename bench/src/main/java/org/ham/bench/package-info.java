/** Measures HAM beside a bare supervisor in C and one in plain Java; a program of its own, run by {@code bench/run}. */
@NullMarked
package org.ham.bench;

import org.jspecify.annotations.NullMarked;
