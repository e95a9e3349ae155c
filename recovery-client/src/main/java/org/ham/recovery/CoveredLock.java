package org.ham.recovery;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/** A lock that was taken through a covered file, which it names as the one that has it. Thread-safe. */
final class CoveredLock extends FileLock {
    private final FileLock lock;

    CoveredLock(FileChannel cover, FileLock lock) {
        super(cover, lock.position(), lock.size(), lock.isShared());
        this.lock = lock;
    }

    @Override
    public boolean isValid() {
        return lock.isValid();
    }

    @Override
    public void release() throws IOException {
        lock.release();
    }
}
