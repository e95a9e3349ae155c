package org.ham.detector.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ham.api.ProcessId;

/**
 * Asks the kernel whether a silent process is to blame: not while its control group is frozen, and not while a debugger holds it
 * unless that is to count. A process that was stopped (SIGSTOP) is. Thread-safe.
 */
final class KernelExcuses {
    private static final Pattern TRACER = Pattern.compile("(?m)^TracerPid:\\s*([1-9]\\d*)$");
    private static final Pattern GROUP = Pattern.compile("(?m)^\\d+:([^:]*):(.*)$");
    private static final Pattern MOUNT = Pattern.compile("(?m)^\\S+ (\\S+) (cgroup2?) (\\S+) ");

    private final Path proc;
    private final boolean tracersExcuse;

    /** Where version 2 is mounted, and the freezer of version 1; empty where they are not. */
    private final Optional<Path> unified;

    private final Optional<Path> freezer;

    /**
     * Reads where control groups are mounted.
     *
     * @param tracersExcuse whether a process is excused while a debugger holds it
     */
    KernelExcuses(Path proc, boolean tracersExcuse) {
        this.proc = proc;
        this.tracersExcuse = tracersExcuse;
        var mounts = read(proc.resolve("mounts"));
        unified = mount(mounts, "cgroup2", "");
        freezer = mount(mounts, "cgroup", "freezer");
    }

    private static Optional<Path> mount(String mounts, String type, String option) {
        return MOUNT.matcher(mounts)
                .results()
                .filter(line -> line.group(2).equals(type)
                        && (option.isEmpty() || ("," + line.group(3) + ",").contains("," + option + ",")))
                .findFirst()
                .map(line -> Path.of(line.group(1)));
    }

    Excuse of(ProcessId process) {
        var own = proc.resolve(Long.toString(process.pid()));
        if (isFrozen(read(own.resolve("cgroup")))) {
            return Excuse.FROZEN;
        }
        return tracersExcuse && TRACER.matcher(read(own.resolve("status"))).find() ? Excuse.TRACED : Excuse.NONE;
    }

    private boolean isFrozen(String groups) {
        return GROUP.matcher(groups).results().anyMatch(this::isFrozen);
    }

    private boolean isFrozen(MatchResult group) {
        var controllers = group.group(1);
        var path = group.group(2).replaceFirst("^/+", "");
        if (controllers.isEmpty()) {
            return unified.map(mount -> read(mount.resolve(path).resolve("cgroup.events")))
                    .filter(events -> events.lines().anyMatch("frozen 1"::equals))
                    .isPresent();
        }
        return ("," + controllers + ",").contains(",freezer,")
                && freezer.map(mount -> read(mount.resolve(path).resolve("freezer.state"))
                                .strip())
                        .filter("FROZEN"::equals)
                        .isPresent();
    }

    /** Empty when there is nothing to read: the process has ended, or the root group has no such file. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
