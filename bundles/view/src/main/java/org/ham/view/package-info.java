/**
 * The tree as files: a folder for each entity and condition, a file for each action, as the original's {@code /proc/ham}. It reads
 * the HAM's state and changes nothing; what it shows of a node is what {@code ham info} prints. It speaks the kernel's FUSE
 * protocol itself, as little of it as reading takes.
 */
@NullMarked
package org.ham.view;

import org.jspecify.annotations.NullMarked;
