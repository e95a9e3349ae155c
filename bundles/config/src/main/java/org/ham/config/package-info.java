/** The configuration folder: reads {@code ham.yaml} and the entity files, and keeps HAM's entities as the files say. */
@NullMarked
package org.ham.config;

import org.jspecify.annotations.NullMarked;
