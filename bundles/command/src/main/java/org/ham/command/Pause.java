package org.ham.command;

import java.time.Duration;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** The one place where the command waits for time to pass. */
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(Code.FAILED, "interrupted", e);
        }
    }
}
