package org.ham.detector.process;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** Paths as users write them. */
final class Paths {
    private Paths() {}

    /** A path; a refusal names the field. */
    static Path of(String field, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new HamException(Code.INVALID, field + ": '" + text + "' is no path: " + e.getReason(), e);
        }
    }
}
