package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process is found from the moment {@code posix_spawn} returned, which is in the middle of its {@code execve}: on a busy
 * machine it may stay there for long, and whoever does not find it starts it a second time.
 */
@Timeout(120)
final class ProcessSearchTest {
    private static final String ID = "HAM_INVOCATION_ID";

    /** So many variables that the kernel takes its time to lay them out. */
    private static final int VARIABLES = 300;

    private final Kit kit = new Kit();
    private final Spawner spawner = new Spawner();

    @AfterEach
    void close() {
        kit.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 600", "6, 200"})
    void aProcessIsFoundFromTheMomentItsStartReturned(int busy, int starts) {
        for (int i = 0; i < busy; i++) {
            kit.start(Kit.shell("while :; do :; done"));
        }
        for (int i = 0; i < starts; i++) {
            String id = UUID.randomUUID().toString();
            // Not by the process table, which looks at it for longer than the moment that matters.
            int pid = spawner.start(spawn(id));
            try {
                ProcessSearch search = new ProcessSearch(kit.processes::identify, () -> List.of((long) pid));
                assertThat(search.byEnvironment(Map.of(ID, id)))
                        .as("start %d, process %d", i, pid)
                        .map(ProcessRef::pid)
                        .contains((long) pid);
                assertThat(search.byEnvironment(Map.of(ID, id + "0"))).isEmpty();
            } finally {
                end(pid);
            }
        }
    }

    private static Spawn spawn(String id) {
        Map<String, String> environment = new HashMap<>(Kit.ENVIRONMENT);
        IntStream.range(0, VARIABLES).forEach(i -> environment.put("VARIABLE_" + i, "x".repeat(200)));
        environment.put(ID, id);
        return new Spawn(
                List.of("sleep", "60"), Optional.empty(), environment, Optional.empty(), Map.of(), Optional.empty());
    }

    private static void end(int pid) {
        final int byPid = 1;
        final int exited = 4;
        Syscall.call(Syscall.KILL, pid, SignalNames.SIGKILL);
        Syscall.call(Syscall.WAITID, byPid, pid, 0, exited);
    }
}
