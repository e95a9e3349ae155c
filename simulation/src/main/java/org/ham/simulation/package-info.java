/**
 * The whole of HAM in one thread: the real core, journal and guardian bundle of two processes and more over a simulated kernel,
 * clock and disk, driven by a seed. {@link org.ham.simulation.Simulation} is one seed, {@link org.ham.simulation.Campaign} many.
 *
 * <p>One step is one thing that happens: a process turns its loop, an action runs, a client asks, somebody dies, something
 * breaks, the clock moves. What happens next is drawn from the {@link org.ham.simulation.Dice}; nothing else decides, so a seed
 * is a history. After each step the {@link org.ham.simulation.Audit}s look at the world; now and then it may come to rest, and
 * they look for what is left over. {@code docs/simulation.md} tells what is real, what is simulated, and what it shows.
 */
@NullMarked
package org.ham.simulation;

import org.jspecify.annotations.NullMarked;
