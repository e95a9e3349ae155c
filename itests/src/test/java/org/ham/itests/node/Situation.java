package org.ham.itests.node;

/** When a process is to die at a point, and which. */
enum Situation {
    /** The HAM, while a Guardian stands by. */
    HAM,
    /** The Guardian, while the HAM works. */
    GUARDIAN,
    /** The HAM, from the death of its Guardian on: while it starts the next one and works. */
    GUARDIAN_DEATH,
    /** The Guardian, from the death of the HAM on: while it takes over, starts the next Guardian and works. */
    TAKEOVER,
    /** The next Guardian, from its start on. */
    GUARDIAN_START,
    /** The HAM, while it hands over to another one on purpose. */
    UPGRADE,
    /** The Guardian meanwhile. */
    UPGRADE_GUARDIAN,
    /** The node that is handed over to, and then its Guardian. */
    CANDIDATE,
    /** A HAM that is started after both were killed at once, over a journal whose end is half a record. */
    START
}
