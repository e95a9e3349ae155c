package org.ham.action.execute;

import java.util.Map;
import java.util.Optional;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.spi.Invocation;

/** What a command is told about why it runs; a variable is empty where there is nothing to tell. */
final class Environment {
    private Environment() {}

    static Map<String, String> of(Invocation<Parameters> invocation) {
        var event = invocation.event();
        var pid = event.pid().isPresent()
                ? Optional.of(event.pid().getAsLong())
                : invocation.process().map(ProcessId::pid);
        return Map.of(
                "HAM_INVOCATION_ID", invocation.id(),
                "HAM_ENTITY", invocation.entity(),
                "HAM_CONDITION", invocation.path().condition().orElse(""),
                "HAM_ACTION", invocation.path().action().orElse(""),
                "HAM_EVENT", event.type(),
                "HAM_PID", pid.map(String::valueOf).orElse(""),
                "HAM_REASON", event.reason().map(ExitReason::toString).orElse(""));
    }
}
