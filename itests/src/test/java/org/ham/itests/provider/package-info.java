/** A provider of a service as somebody else would write it; the tests build its bundle and replace it. */
@NullMarked
package org.ham.itests.provider;

import org.jspecify.annotations.NullMarked;
