package org.ham.command;

/** A command that runs in this process. */
interface LocalCommand {}
