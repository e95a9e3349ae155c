package org.ham.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Finds a process by what it was started with. Thread-safe.
 *
 * <p>A process that is being started at this moment cannot be told yet: before its {@code execve} it is a copy of the
 * starter with the starter's environment, and in the middle of it it has none. Whoever looks for it because the starter
 * died must not take that for its absence, so such processes are looked at again until they are decided.
 */
final class ProcessSearch {
    /** Nearly every environment fits into the first size; the kernel allows none above the second. */
    private static final int USUAL_ENVIRONMENT = 32 << 10;

    private static final int MOST_ENVIRONMENT = 6 << 20;

    /** How long a start may take to become visible, and how often it is looked at. */
    private static final long PATIENCE = 2_000_000_000L;

    private static final long PAUSE = 1_000_000L;

    private final LongFunction<ProcessRef> identify;
    private final Supplier<List<Long>> pids;

    ProcessSearch(LongFunction<ProcessRef> identify) {
        this(identify, ProcessSearch::allPids);
    }

    /** One that looks at these only. */
    ProcessSearch(LongFunction<ProcessRef> identify, Supplier<List<Long>> pids) {
        this.identify = identify;
        this.pids = pids;
    }

    private enum Verdict {
        YES,
        NO,
        NOT_YET
    }

    /**
     * The living session leader with all these variables. Its children inherit the variable but not the leadership; one that
     * made a session of its own is told by having started later.
     */
    Optional<ProcessRef> byEnvironment(Map<String, String> variables) {
        List<byte[]> wanted = variables.entrySet().stream()
                .map(variable -> (variable.getKey() + "=" + variable.getValue() + '\0').getBytes(UTF_8))
                .toList();
        long deadline = System.nanoTime() + PATIENCE;
        List<Long> candidates = pids.get();
        while (true) {
            List<Long> matching = new ArrayList<>();
            List<Long> undecided = new ArrayList<>();
            for (long pid : candidates) {
                switch (verdict(pid, wanted)) {
                    case YES -> matching.add(pid);
                    case NOT_YET -> undecided.add(pid);
                    case NO -> {}
                }
            }
            Optional<ProcessRef> found = matching.stream()
                    .flatMap(pid -> living(pid).stream())
                    .min(Comparator.comparingLong(ProcessRef::startTime).thenComparingLong(ProcessRef::pid));
            if (found.isPresent() || undecided.isEmpty() || System.nanoTime() - deadline >= 0) {
                return found;
            }
            LockSupport.parkNanos(PAUSE);
            candidates = undecided;
        }
    }

    private static Verdict verdict(long pid, List<byte[]> wanted) {
        Optional<ProcStat> stat = ProcStat.of(pid);
        if (stat.isEmpty() || !stat.get().isProgram()) {
            return Verdict.NO;
        }
        if (isBeforeExec(pid, stat.get())) {
            return Verdict.NOT_YET;
        }
        Optional<byte[]> environment = environment(pid);
        if (environment.isPresent() && environment.get().length == 0) {
            if (!isLaidOut(pid)) {
                return Verdict.NOT_YET;
            }
            // A program without environment, or one that was given it since the last look.
            environment = environment(pid);
        }
        boolean matches = environment
                .filter(variables -> wanted.stream().allMatch(each -> contains(variables, each)))
                .isPresent();
        return matches && leadsItsSession(pid) ? Verdict.YES : Verdict.NO;
    }

    /**
     * Whether its {@code execve} is through. That sets the end of the arguments before the environment, so a command line is no
     * proof.
     */
    private static boolean isLaidOut(long pid) {
        return ProcStat.of(pid).map(ProcStat::isLaidOut).orElse(true);
    }

    /** Asked last: a process makes its session before its {@code execve}, so an earlier look may show the starter's. */
    private static boolean leadsItsSession(long pid) {
        return ProcStat.of(pid).filter(stat -> stat.session() == pid).isPresent();
    }

    /** Whether it is this same virtual machine with a single thread, which no living one is. */
    private static boolean isBeforeExec(long pid, ProcStat stat) {
        if (stat.threads() != 1) {
            return false;
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/exe")));
        } catch (IOException notOurs) {
            return false;
        }
    }

    private static Optional<byte[]> environment(long pid) {
        String path = "/proc/" + pid + "/environ";
        return ProcFs.read(path, USUAL_ENVIRONMENT)
                .flatMap(start ->
                        start.length < USUAL_ENVIRONMENT ? Optional.of(start) : ProcFs.read(path, MOST_ENVIRONMENT));
    }

    private Optional<ProcessRef> living(long pid) {
        try {
            return Optional.of(identify.apply(pid));
        } catch (LinuxException dead) {
            return Optional.empty();
        }
    }

    private static List<Long> allPids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            all.forEach(path -> pids.add(Long.parseLong(path.getFileName().toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids;
    }

    /** Whether one of the NUL-terminated entries is exactly the wanted one, which ends in NUL too. */
    private static boolean contains(byte[] environment, byte[] wanted) {
        int start = 0;
        for (int i = 0; i < environment.length; i++) {
            if (environment[i] == 0) {
                if (Arrays.equals(environment, start, i + 1, wanted, 0, wanted.length)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }
}
