package org.ham.linux;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Starts, finds and watches processes. Thread-safe. */
@ProviderType
public interface Processes {
    /**
     * Checks that a start could work: program, directory, user, limits and output.
     *
     * @throws LinuxException with a sentence that names the field and its value
     */
    void check(Spawn spawn);

    /**
     * Starts a process in a session and process group of its own, with default signal handling, standard input from
     * {@code /dev/null} and no descriptor of this process. It is reaped when it dies, watched or not.
     *
     * @throws LinuxException when it cannot be started; nothing runs then
     */
    ProcessRef spawn(Spawn spawn);

    /** This very process. */
    ProcessRef self();

    /**
     * The living process under a pid.
     *
     * @throws LinuxException {@code ESRCH} when there is none
     */
    ProcessRef identify(long pid);

    /**
     * The living process whose environment was started with all these variables, not one of its children: the session
     * leader if there is one.
     */
    Optional<ProcessRef> findByEnvironment(Map<String, String> variables);

    /** The same for one variable. */
    default Optional<ProcessRef> findByEnvironment(String name, String value) {
        return findByEnvironment(Map.of(name, value));
    }

    /** Whether exactly this process lives. A zombie does not. */
    boolean isAlive(ProcessRef process);

    /**
     * Tells once when a process is dead, also when it is already. Watching a process again replaces the listener.
     *
     * @param listener called on the thread that is in {@link Reactor#await}
     */
    void watch(ProcessRef process, Consumer<ExitStatus> listener);

    /** Stops watching; does nothing for a process that is not watched. */
    void unwatch(ProcessRef process);

    /** How many processes are watched. */
    int watched();
}
