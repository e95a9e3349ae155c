package org.ham.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files by which a run-dir tells of its two processes. Immutable.
 *
 * @param runDir the run-dir
 */
record Instance(Path runDir) {
    static Instance at(Path runDir) {
        return new Instance(runDir);
    }

    Path socket() {
        return runDir.resolve("shell.sock");
    }

    Path log() {
        return runDir.resolve("log").resolve("ham-start.log");
    }

    /** Who holds or last held the role lock, 0 when nobody did. */
    long hamPid() {
        return pid("ham.lock");
    }

    /** Who stands by, 0 when nobody does. */
    long guardianPid() {
        return pid("guardian.pid");
    }

    /** Whether one of the two lives, so that a HAM is there or will be. */
    boolean alive() {
        return ProcFiles.alive(hamPid()) || ProcFiles.alive(guardianPid());
    }

    private long pid(String file) {
        try {
            return Long.parseLong(Files.readString(runDir.resolve(file)).strip());
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
