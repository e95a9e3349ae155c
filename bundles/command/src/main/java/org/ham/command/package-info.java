/**
 * The programs: {@link org.ham.command.HamCommand} is the {@code ham} command, which talks to a running HAM over its
 * socket, reads the journal's files, and starts the nodes.
 */
@NullMarked
package org.ham.command;

import org.jspecify.annotations.NullMarked;
