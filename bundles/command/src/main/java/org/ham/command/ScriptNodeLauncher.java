package org.ham.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;
import org.ham.linux.Processes;
import org.ham.linux.Spawn;

/** Starts nodes with the distribution's {@code bin/ham-node}. */
final class ScriptNodeLauncher implements NodeLauncher {
    /** The variable with the name that the {@code ham} script was called by; of no use to nodes. */
    static final String CALLED_BY = "HAM_COMMAND";

    private final Processes processes;
    private final Map<String, String> environment;

    ScriptNodeLauncher(Processes processes, Map<String, String> environment) {
        this.processes = processes;
        this.environment = environment;
    }

    @Override
    public long launch(Instance instance, Optional<Path> configuration) {
        var variables = new HashMap<>(environment);
        variables.remove(CALLED_BY);
        variables.put("HAM_RUN_DIR", instance.runDir().toString());
        var spawn = new Spawn(
                command(instance.runDir(), configuration),
                Optional.of(Path.of("/")),
                variables,
                Optional.empty(),
                Map.of(),
                Optional.of(instance.log()));
        try {
            return processes.spawn(spawn).pid();
        } catch (LinuxException e) {
            throw new HamException(Code.FAILED, "the HAM cannot be started: " + e.getMessage(), e);
        }
    }

    private List<String> command(Path runDir, Optional<Path> configuration) {
        var home = Optional.ofNullable(environment.get("HAM_HOME"))
                .orElseThrow(
                        () -> new HamException(Code.INVALID, "HAM_HOME is not set; use the distribution's bin/ham"));
        var words = new ArrayList<String>();
        words.add(Path.of(home, "bin", "ham-node").toString());
        words.add("-Dham.run.dir=" + runDir);
        configuration.ifPresent(folder -> words.add("-Dham.conf.dir=" + folder));
        return words;
    }
}
