/**
 * Two processes, one role lock: takes the lock, stands by without it, takes over when the HAM dies, kills a HAM that hangs,
 * and keeps a Guardian running. What others see of it is {@link org.ham.spi.Primary}.
 */
@NullMarked
package org.ham.guardian;

import org.jspecify.annotations.NullMarked;
