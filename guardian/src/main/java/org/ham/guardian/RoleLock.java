package org.ham.guardian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The lock whose holder is the HAM; the kernel drops it when the holder dies. Thread-safe. */
interface RoleLock extends AutoCloseable {
    /** Opens the file, without taking the lock. */
    static RoleLock open(Path file) throws IOException {
        return FileRoleLock.open(file);
    }

    /** Takes the lock and names this pid as the holder; false when another process holds it. */
    boolean take(long pid) throws IOException;

    /** Names a pid as the holder's, which is for who looks for the HAM, and no proof that it holds the lock. */
    void name(long pid) throws IOException;

    /** The pid that was named last, which is the holder's when the lock is held. */
    OptionalLong holder() throws IOException;

    /** Whether this process holds the lock through this object. */
    boolean held();

    /** Lets another process have it; this one stays named until then. */
    void release() throws IOException;

    @Override
    void close() throws IOException;
}
