package org.ham.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What exactly is executed for a {@link Spawn}. User and limits cannot be set by {@code posix_spawn}, and nobody knows the
 * pid beforehand: util-linux's {@code prlimit} and {@code setpriv} and a shell see to them, which then become the program,
 * under the same pid. Immutable.
 *
 * @param program the file to execute
 * @param arguments all arguments, the zeroth included
 * @param chained whether other programs come first, so that errors of the program itself show up too late
 */
record SpawnPlan(String program, List<String> arguments, boolean chained) {
    private static final int GET_DESCRIPTOR_FLAGS = 1;

    /** Plans a start; throws when the program is not in the PATH, or the user or a limit cannot be had. */
    static SpawnPlan of(Spawn spawn) {
        String program = Programs.find(spawn.command().getFirst(), spawn.environment());
        List<String> before = new ArrayList<>();
        if (!spawn.limits().isEmpty()) {
            Limits.check(spawn.limits());
            before.add(tool("prlimit", "limits"));
            before.addAll(Limits.options(spawn.limits()));
            before.add("--");
        }
        spawn.user().ifPresent(user -> before.addAll(becoming(user)));
        before.addAll(naming(spawn.pidVariables()));
        if (before.isEmpty()) {
            return new SpawnPlan(program, spawn.command(), false);
        }
        Programs.check(program, spawn.directory());
        String first = before.getFirst();
        before.add(program);
        before.addAll(spawn.command().subList(1, spawn.command().size()));
        return new SpawnPlan(first, List.copyOf(before), true);
    }

    /** Checks all that can be checked without starting anything. */
    static void check(Spawn spawn) {
        spawn.environment().forEach(SpawnPlan::checkVariable);
        spawn.directory().ifPresent(SpawnPlan::checkDirectory);
        SpawnPlan plan = of(spawn);
        if (!plan.chained) {
            Programs.check(plan.program, spawn.directory());
        }
        spawn.output().ifPresent(SpawnPlan::checkOutput);
        spawn.descriptors().forEach(SpawnPlan::checkDescriptor);
    }

    private static List<String> becoming(String user) {
        Users.User found = Users.find(user)
                .orElseThrow(() -> new LinuxException("user: there is no user '" + user + "'", Errno.EINVAL));
        long own = Users.effective();
        if (found.uid() == own) {
            return List.of();
        }
        if (own != 0) {
            throw new LinuxException(
                    "user: this process runs as uid " + own + " and cannot start a process as '" + user
                            + "'; only root can",
                    Errno.EPERM);
        }
        return List.of(
                tool("setpriv", "user"), "--reuid=" + found.uid(), "--regid=" + found.gid(), "--init-groups", "--");
    }

    private static List<String> naming(Set<String> variables) {
        if (variables.isEmpty()) {
            return List.of();
        }
        String script = variables.stream()
                .sorted()
                .map(name -> "export " + name + "=$$; ")
                .collect(Collectors.joining("", "", "exec \"$@\""));
        return List.of(tool("sh", "environment"), "-c", script, "sh");
    }

    private static String tool(String name, String field) {
        try {
            return Programs.find(name, Map.of());
        } catch (LinuxException e) {
            throw new LinuxException(
                    field + ": this needs the program " + name + ", which is not installed", e.errno());
        }
    }

    private static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw new LinuxException(
                    "environment: '" + name + "' cannot be set; a name has no '=', and neither it nor its value a NUL",
                    Errno.EINVAL);
        }
    }

    private static void checkDescriptor(int number, int own) {
        if (Syscall.call(Syscall.FCNTL, own, GET_DESCRIPTOR_FLAGS) < 0) {
            throw new LinuxException(
                    "descriptors: " + number + " was to be descriptor " + own + " of this process, which is not open",
                    Errno.EBADF);
        }
    }

    private static void checkDirectory(Path directory) {
        if (!Files.exists(directory)) {
            throw new LinuxException("directory: " + directory + " does not exist", Errno.ENOENT);
        }
        if (!Files.isDirectory(directory)) {
            throw new LinuxException("directory: " + directory + " is not a directory", Errno.ENOTDIR);
        }
        if (!Files.isExecutable(directory)) {
            throw new LinuxException("directory: " + directory + " may not be entered", Errno.EACCES);
        }
    }

    private static void checkOutput(Path output) {
        Path folder = Optional.ofNullable(output.toAbsolutePath().getParent()).orElse(output);
        if (Files.isDirectory(output)) {
            throw new LinuxException("output: " + output + " is a directory", Errno.EISDIR);
        }
        if (!Files.isDirectory(folder)) {
            throw new LinuxException("output: the folder " + folder + " does not exist", Errno.ENOENT);
        }
        if (!Files.isWritable(Files.exists(output) ? output : folder)) {
            throw new LinuxException("output: " + output + " may not be written", Errno.EACCES);
        }
    }
}
