/** An action plug-in as an outsider writes one; the tests build its bundle. */
@NullMarked
package org.ham.itests.plugin;

import org.jspecify.annotations.NullMarked;
