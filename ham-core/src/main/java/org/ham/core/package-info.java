/**
 * The loop that owns the fold, and the components around it. One thread, named {@code ham-core}, writes the state; all
 * others read the snapshot it publishes. As Guardian the loop follows the journal; as HAM it leads.
 */
@NullMarked
package org.ham.core;

import org.jspecify.annotations.NullMarked;
