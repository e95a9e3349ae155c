package org.ham.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whose files these are. Immutable.
 *
 * @param uid the user
 * @param gid the group
 */
record Owner(int uid, int gid) {
    /** This process's own. */
    static Owner self() {
        try {
            return new Owner(number("uid"), number("gid"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self", e);
        }
    }

    private static int number(String what) throws IOException {
        return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:" + what)).intValue();
    }
}
