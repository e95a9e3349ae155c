/**
 * The core of HAM: a pure fold. {@link org.ham.core.engine.Engine#step} takes a state and what happened, and gives the
 * next state, the lines that tell of it in the journal, and the effects to carry out. No threads, clocks, files or
 * services here: HAM and Guardian fold the same journal to the same state, and tests run years in a second.
 *
 * <h2>How an event becomes recovery</h2>
 *
 * A step has two phases, and never recurses through entities. First it decides: the event changes its entity (see the
 * states below), and every enabled condition it makes true, the entity's own before the global entity's, puts a
 * <em>run</em> at the end of a <em>lane</em> of the entity. Then it drains: each lane whose head waits for nothing starts
 * the next action of its first run. A run holds the actions as they were when the condition became true, so a list goes on
 * to its end although a restart in the middle prunes it from the tree.
 *
 * <p>Lanes of an entity: one shared by all no-wait conditions, one for each independent condition, one for all others. In a
 * lane one action is in flight at a time; it is known by its <em>invocation</em>, and its outcome comes back as an input.
 *
 * <h2>States of an entity</h2>
 *
 * {@code UNATTACHED} (no process, a placeholder), {@code STARTING} (a first start is in flight), {@code RUNNING}, {@code
 * DEAD} (died; its lists still run, one of them may restart it), {@code DETACHING} (forgotten as soon as its lists have
 * run). {@code docs/states.md} is the table of states and events, and the test reads it from there.
 *
 * <h2>Starts happen exactly once</h2>
 *
 * The line that decides a start is in the journal, with its invocation, before the process is started, and the process
 * carries the invocation in its environment. Whoever leads next finds the start in {@link
 * org.ham.core.engine.Entity#pending()} and settles it by looking for that process.
 */
@NullMarked
package org.ham.core.engine;

import org.jspecify.annotations.NullMarked;
