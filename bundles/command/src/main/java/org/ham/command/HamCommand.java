package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.shell.BeatCommand;
import org.ham.shell.Command;
import org.ham.shell.Commands;
import org.ham.shell.Context;
import org.ham.shell.RunDirs;

/** The {@code ham} program. */
public final class HamCommand {
    private static final Map<String, Supplier<Command>> LOCAL = local();

    private final Map<String, String> environment;
    private final Path directory;
    private final PrintWriter out;
    private final PrintWriter err;

    HamCommand(Map<String, String> environment, Path directory, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.directory = directory;
        this.out = out;
        this.err = err;
    }

    /** Runs one command and ends with its exit code. */
    public static void main(String[] words) {
        var here = Path.of("").toAbsolutePath();
        var command = new HamCommand(System.getenv(), here, writer(FileDescriptor.out), writer(FileDescriptor.err));
        System.exit(command.run(List.of(words)));
    }

    // JSON is UTF-8 whatever the terminal thinks it is.
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new java.io.OutputStreamWriter(new FileOutputStream(descriptor), UTF_8));
    }

    private static Map<String, Supplier<Command>> local() {
        var local = new LinkedHashMap<String, Supplier<Command>>();
        local.put("run", RunCommand::new);
        local.put("start", StartCommand::new);
        local.put("stop", LocalStopCommand::new);
        local.put("upgrade", LocalUpgradeCommand::new);
        local.put("shell", ShellCommand::new);
        local.put("gogo", GogoCommand::new);
        local.put("events", LocalEventsCommand::new);
        return local;
    }

    int run(List<String> words) {
        try {
            var parsed = Commands.served().with(LOCAL).parse(words, out, err);
            return parsed.command().map(command -> run(command, words)).orElse(parsed.exit());
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int run(Command command, List<String> words) {
        try {
            var runDir = RunDirs.resolve(command.runDir(), environment);
            if (command.node().isPresent()) {
                return Commands.guard(err, () -> elsewhere(command, words, runDir));
            }
            return command instanceof LocalCommand
                    ? Commands.run(command, context(runDir))
                    : Commands.guard(err, () -> forward(command, completed(command, words), runDir));
        } catch (HamException e) {
            err.println("ham: " + e.getMessage());
            return Commands.USAGE;
        }
    }

    /** The HAM does not see this environment: what a command takes from it is said in words. */
    private List<String> completed(Command command, List<String> words) {
        var own = environment.getOrDefault("HAM_ENTITY", "");
        if (!(command instanceof BeatCommand beat) || beat.namesEntity() || own.isEmpty()) {
            return words;
        }
        var all = new ArrayList<>(words);
        all.add(own);
        return all;
    }

    private Context context(Path runDir) {
        var self = new Actor("command", RunDirs.uid(), ProcFiles.ownPid());
        return new Context(Optional.empty(), runDir, directory, self, out, err);
    }

    private int elsewhere(Command command, List<String> words, Path runDir) {
        if (!Commands.served().names().contains(command.name())) {
            throw new HamException(Code.INVALID, "--node: '" + command.name() + "' works on this machine only");
        }
        return print(new NodeLink(Instance.at(runDir), command.node().orElseThrow()).ask(words, command.readsOnly()));
    }

    private int forward(Command command, List<String> words, Path runDir) {
        return print(new Link(Instance.at(runDir)).ask(words, directory, command.readsOnly()));
    }

    private int print(Answer answer) {
        out.print(answer.out());
        err.print(answer.err());
        return answer.exit();
    }
}
