package org.ham.detector.process;

import java.util.function.Supplier;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;

/** What the operating system refused, in HAM's words. */
final class Failures {
    private Failures() {}

    static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (LinuxException e) {
            throw new HamException(code(e), e.getMessage(), e);
        }
    }

    private static Code code(LinuxException e) {
        return switch (e.errnoName()) {
            case "ENOENT", "ESRCH" -> Code.NOT_FOUND;
            case "EACCES", "EPERM" -> Code.DENIED;
            case "EINVAL", "ENOTDIR", "EISDIR", "ENOEXEC", "E2BIG", "ELOOP", "ENAMETOOLONG" -> Code.INVALID;
            case "EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC" -> Code.LIMIT;
            default -> Code.FAILED;
        };
    }
}
