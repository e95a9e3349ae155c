package org.ham.detector.notify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one datagram says. Immutable.
 *
 * @param word where the sender is in its life
 * @param watchdog whether it beats, or asks to be treated as hung
 * @param status what it says of itself; an empty text takes back an earlier one
 * @param mainPid the process it names as the main one
 * @param mainInode which process that is beyond its pid (pidfd inode)
 * @param errno the error it failed with
 * @param extendMicros for how long it asks to be waited for, from now on
 * @param watchdogMicros how long it wants to be silent at the most
 * @param barrier whether it waits for a descriptor to be closed; such a message says nothing else
 * @param problems what in it makes no sense and was left out, a sentence each
 */
record Message(
        Optional<Word> word,
        Optional<Watchdog> watchdog,
        Optional<String> status,
        OptionalLong mainPid,
        OptionalLong mainInode,
        OptionalInt errno,
        OptionalLong extendMicros,
        OptionalLong watchdogMicros,
        boolean barrier,
        List<String> problems) {
    Message {
        problems = List.copyOf(problems);
    }

    /** Where a process is in its life. */
    enum Word {
        READY,
        RELOADING,
        STOPPING
    }

    /** What a process says to its watchdog. */
    enum Watchdog {
        BEAT,
        TRIGGER
    }
}
