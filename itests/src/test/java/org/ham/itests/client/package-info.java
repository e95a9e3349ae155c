/** Programs that use a HAM from another process, started by tests; they need the client, ham-api and Gson only. */
@NullMarked
package org.ham.itests.client;

import org.jspecify.annotations.NullMarked;
