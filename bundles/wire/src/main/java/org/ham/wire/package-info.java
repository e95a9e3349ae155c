/**
 * The control protocol, as both ends have it: JSON-RPC 2.0, one message a line ({@code docs/protocol.md}). It travels inside
 * the bundles of the two ends and is no bundle itself.
 */
@NullMarked
package org.ham.wire;

import org.jspecify.annotations.NullMarked;
