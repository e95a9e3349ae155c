package org.ham.shell;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.ham.api.HamException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The commands by name: parses words into a command, and runs it. A command line is built with only the command that is
 * asked for, as building all of them costs a tenth of a second. Immutable.
 */
public final class Commands {
    /** Exit code of a command that did what it should. */
    public static final int DONE = 0;
    /** Exit code when the HAM refused or failed. */
    public static final int FAILED = 1;
    /** Exit code for wrong usage. */
    public static final int USAGE = 2;
    /** Exit code when no HAM can be reached. */
    public static final int UNREACHABLE = 3;

    private final Map<String, Supplier<?>> makers;

    private Commands(Map<String, Supplier<?>> makers) {
        this.makers = makers;
    }

    /** The commands that a running HAM serves. */
    public static Commands served() {
        var makers = new LinkedHashMap<String, Supplier<?>>();
        makers.put("status", StatusCommand::new);
        makers.put("tree", TreeCommand::new);
        makers.put("info", InfoCommand::new);
        makers.put("attach", AttachCommand::new);
        makers.put("detach", DetachCommand::new);
        makers.put("condition", ConditionCommand::new);
        makers.put("action", ActionCommand::new);
        makers.put("enable", EnableCommand::new);
        makers.put("disable", DisableCommand::new);
        makers.put("flags", FlagsCommand::new);
        makers.put("state", StateCommand::new);
        makers.put("raise", RaiseCommand::new);
        makers.put("beat", BeatCommand::new);
        makers.put("heartbeats", HeartbeatsCommand::new);
        makers.put("events", EventsCommand::new);
        makers.put("why", WhyCommand::new);
        makers.put("verbose", VerboseCommand::new);
        makers.put("upgrade", UpgradeCommand::new);
        makers.put("stop", StopCommand::new);
        return new Commands(makers);
    }

    /** These commands, with others added or put in their place. */
    public Commands with(Map<String, ? extends Supplier<?>> others) {
        var all = new LinkedHashMap<String, Supplier<?>>(others);
        makers.forEach(all::putIfAbsent);
        return new Commands(all);
    }

    /** Their names, in the order of the help. */
    public Set<String> names() {
        return makers.keySet();
    }

    /**
     * Parses; prints help or what is wrong with the words.
     *
     * @return the command to run, or the exit code when there is nothing to run
     */
    public Parsed parse(List<String> words, PrintWriter out, PrintWriter err) {
        var line = line(words);
        try {
            var result = line.parseArgs(words.toArray(String[]::new));
            if (result.isVersionHelpRequested()) {
                line.printVersionHelp(out);
                return Parsed.ended(DONE);
            }
            while (result.hasSubcommand() && !result.isUsageHelpRequested()) {
                result = result.subcommand();
            }
            var found = result.commandSpec();
            if (result.isUsageHelpRequested()) {
                if (!(found.userObject() instanceof Command)
                        && !result.unmatched().isEmpty()) {
                    // Help was asked for a command that does not exist.
                    throw new UnmatchedArgumentException(found.commandLine(), result.unmatched());
                }
                found.commandLine().usage(out);
                return Parsed.ended(DONE);
            }
            if (!(found.userObject() instanceof Command command)) {
                throw new ParameterException(found.commandLine(), "say which command");
            }
            if (line.getCommand() instanceof RootCommand root) {
                command.inherit(root);
            }
            command.check();
            return new Parsed(Optional.of(command), DONE);
        } catch (ParameterException e) {
            explain(e, err);
            return Parsed.ended(USAGE);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /**
     * Parses and runs; every failure ends as a message and an exit code. A command for another node is refused: the {@code ham}
     * program takes it there.
     */
    public int execute(List<String> words, Context context) {
        var parsed = parse(words, context.out(), context.err());
        if (parsed.command().flatMap(Command::node).isPresent()) {
            context.err().println("ham: --node works with the ham program only, which asks the other HAM itself");
            context.err().flush();
            return USAGE;
        }
        return parsed.command().map(command -> run(command, context)).orElse(parsed.exit());
    }

    /** The same where the words have come to the node that they name. */
    public int executeHere(List<String> words, Context context) {
        var parsed = parse(words, context.out(), context.err());
        return parsed.command().map(command -> run(command, context)).orElse(parsed.exit());
    }

    /** Runs a parsed command; every failure ends as a message and an exit code. */
    public static int run(Command command, Context context) {
        try {
            return guard(context.err(), () -> command.run(context));
        } finally {
            context.out().flush();
            context.err().flush();
        }
    }

    /** Runs something whose every failure ends as a message and an exit code. */
    public static int guard(PrintWriter err, IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (ParameterException e) {
            explain(e, err);
            return USAGE;
        } catch (HamException e) {
            err.println("ham: " + e.getMessage());
            return e.code() == HamException.Code.NOT_CONNECTED ? UNREACHABLE : FAILED;
        } catch (UncheckedIOException e) {
            err.println("ham: " + e.getMessage() + " (" + e.getCause() + ")");
            return FAILED;
        } catch (RuntimeException e) {
            System.getLogger(Commands.class.getName()).log(System.Logger.Level.ERROR, "a command failed", e);
            err.println("ham: the command failed: " + e);
            return FAILED;
        }
    }

    private CommandLine line(List<String> words) {
        var line = new CommandLine(new RootCommand());
        var asked = asked(words);
        makers.forEach((name, maker) -> {
            if (asked.isEmpty() || asked.get().equals(name)) {
                line.addSubcommand(name, maker.get());
            }
        });
        // Words are taken as they are: an '@' in an argument of an entity's command is no file of ours.
        line.setExpandAtFiles(false);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        for (var signed : List.of("state", "raise")) {
            // A number may be below 0, which looks like an option.
            Optional.ofNullable(line.getSubcommands().get(signed))
                    .ifPresent(command -> command.setUnmatchedOptionsArePositionalParams(true));
        }
        Optional.ofNullable(line.getSubcommands().get("gogo")).ifPresent(gogo -> gogo.setStopAtPositional(true));
        for (var lenient : List.of("condition", "action")) {
            Optional.ofNullable(line.getSubcommands().get(lenient))
                    .map(parent -> parent.getSubcommands().get("add"))
                    .ifPresent(add -> add.setUnmatchedOptionsArePositionalParams(true));
        }
        return line;
    }

    // The first word that is a command, past the options that may stand before it.
    private Optional<String> asked(List<String> words) {
        for (var i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--run-dir") || words.get(i).equals("--node")) {
                i++;
            } else if (!words.get(i).startsWith("-")) {
                return Optional.of(words.get(i)).filter(makers::containsKey);
            }
        }
        return Optional.empty();
    }

    private static void explain(ParameterException e, PrintWriter err) {
        var line = e.getCommandLine();
        err.println("ham: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println(line.getUsageMessage().lines().findFirst().orElse(""));
        }
        err.println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
        err.flush();
    }
}
