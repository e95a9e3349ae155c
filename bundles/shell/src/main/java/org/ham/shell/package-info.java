/**
 * The commands of HAM, one class each, and the ways to them: Gogo with scope {@code ham}, the socket {@code
 * shell.sock} in the run-dir, and the {@code ham} program, which reads its usage from the same classes.
 */
@NullMarked
package org.ham.shell;

import org.jspecify.annotations.NullMarked;
