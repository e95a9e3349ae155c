package org.ham.shell;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.Supervisor;

/**
 * What a command works on. Immutable; the writers are the caller's.
 *
 * @param ham the HAM, absent in a client that only reads files
 * @param runDir the run-dir of that HAM
 * @param directory what relative paths of the caller are relative to
 * @param actor who asks
 * @param out where the result goes
 * @param err where messages go
 */
public record Context(
        Optional<Supervisor> ham, Path runDir, Path directory, Actor actor, PrintWriter out, PrintWriter err) {

    /** The HAM; throws {@link Code#NOT_CONNECTED} when there is none here. */
    Supervisor requireHam() {
        return ham.orElseThrow(() -> new HamException(Code.NOT_CONNECTED, "no HAM here to ask"));
    }
}
