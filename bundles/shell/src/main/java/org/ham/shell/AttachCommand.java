package org.ham.shell;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.EntityFlag;
import org.ham.api.EntitySpec;
import org.ham.api.StartSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ham attach}: watches a process that runs, or starts one and watches it. */
@CommandLine.Command(
        name = "attach",
        customSynopsis = {
            "ham attach NAME [OPTIONS] -- COMMAND ARG…   starts a process and watches it",
            "ham attach NAME [OPTIONS] --pid N           watches a process that runs",
            "ham attach NAME [OPTIONS] --placeholder     a name, its process comes later"
        },
        description = "Adds an entity. What to do when it dies, say with: ham condition add, ham action add.")
final class AttachCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "the name of the entity")
    String name = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "the program and its arguments, after --")
    List<String> command = List.of();

    @Option(names = "--pid", paramLabel = "N", description = "the process to watch")
    @Nullable
    Long pid;

    @Option(names = "--placeholder", description = "an entity without a process")
    boolean placeholder;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "the working directory of COMMAND (default: where this is typed)")
    @Nullable
    String directory;

    @Option(names = "--user", paramLabel = "USER", description = "whom COMMAND runs as (default: as the HAM)")
    @Nullable
    String user;

    @Option(names = "--env", paramLabel = "K=V", description = "a variable in COMMAND's environment; may be repeated")
    Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "where COMMAND's output goes, under the run-dir's log folder (default: NAME.log)")
    @Nullable
    String output;

    @Option(
            names = "--limit",
            paramLabel = "NAME=N",
            description = "a resource limit of COMMAND such as nofile=1024 or core=unlimited; may be repeated")
    Map<String, String> limits = new LinkedHashMap<>();

    @Option(names = "--keep-on-death", description = "keep the entity when it dies and nothing restarts it")
    boolean keepOnDeath;

    @Override
    protected void check() {
        var ways = (pid == null ? 0 : 1) + (command.isEmpty() ? 0 : 1) + (placeholder ? 1 : 0);
        if (ways != 1) {
            throw usage("say one of: --pid N, --placeholder, or -- COMMAND ARG…");
        }
        var forCommand = directory != null || user != null || output != null;
        if (command.isEmpty() && (forCommand || !environment.isEmpty() || !limits.isEmpty())) {
            throw usage("--directory, --user, --env, --output and --limit go with a COMMAND only");
        }
        limitNumbers();
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        ham.attach(entity(context.directory()), context.actor());
        var process = ham.entity(name).map(entity -> entity.pid()).orElse(OptionalLong.empty());
        return done(context, name, "attached " + name + (process.isPresent() ? ", pid " + process.getAsLong() : ""));
    }

    private EntitySpec entity(Path here) {
        var flags = EnumSet.noneOf(EntityFlag.class);
        if (keepOnDeath) {
            flags.add(EntityFlag.KEEP_ON_DEATH);
        }
        if (pid != null) {
            return EntitySpec.running(name, pid).with(flags);
        }
        return placeholder
                ? EntitySpec.placeholder(name).with(flags)
                : EntitySpec.started(name, start(here)).with(flags);
    }

    private StartSpec start(Path here) {
        var words = new java.util.ArrayList<>(command);
        // "./server" means the one where it was typed, wherever the process is to work.
        if (words.getFirst().contains("/")) {
            words.set(0, here.resolve(words.getFirst()).normalize().toString());
        }
        var place = directory == null ? here : here.resolve(directory).normalize();
        return new StartSpec(
                words,
                Optional.of(place.toString()),
                environment,
                Optional.ofNullable(user),
                limitNumbers(),
                Optional.ofNullable(output));
    }

    private Map<String, Long> limitNumbers() {
        var numbers = new HashMap<String, Long>();
        limits.forEach((limit, value) -> {
            try {
                numbers.put(limit, value.equals("unlimited") ? -1L : Long.parseLong(value));
            } catch (NumberFormatException _) {
                throw usage("--limit " + limit + "=" + value + ": give a number or 'unlimited'");
            }
        });
        return numbers;
    }
}
