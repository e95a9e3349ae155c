package org.ham.core.engine;

import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.jspecify.annotations.Nullable;

/** What the world is asked to do. The Guardian's copy of the core carries out the watching only. */
public sealed interface Effect {
    /** Start a process, exactly once. {@code resumed}: an earlier HAM may have done it; look before. */
    record Start(String entity, String invocation, StartSpec start, boolean resumed) implements Effect {}

    /** Run an action through its plug-in. */
    record Invoke(
            String entity,
            String invocation,
            String owner,
            String condition,
            Action action,
            String path,
            Trigger trigger,
            @Nullable ProcessId process,
            boolean resumed)
            implements Effect {}

    record Watch(String entity, ProcessId process) implements Effect {}

    record Unwatch(ProcessId process) implements Effect {}

    /** Have the beats of an entity watched from now on, in place of what was said of it before. */
    record Monitor(String entity, ProcessId process, HeartbeatSpec heartbeat, Beating beating, long since)
            implements Effect {}

    /** Have the beats of an entity watched no more. */
    record Forget(String entity) implements Effect {}
}
