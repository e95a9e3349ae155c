package org.ham.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.config.InstanceFile;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told by its command line, its environment and {@code ham.yaml}. Immutable.
 *
 * @param runDir everything the running instance owns
 * @param conf the configuration folder, when there is one
 * @param home the distribution
 * @param properties all {@code ham.} framework properties
 */
record NodeSettings(Path runDir, Optional<Path> conf, Path home, Map<String, String> properties) {
    private static final String PREFIX = "ham.";
    private static final String COMMAND = "ham.guardian.command";

    NodeSettings {
        properties = Map.copyOf(properties);
    }

    /** Reads them; throws {@link IllegalArgumentException} with a sentence for people. */
    static NodeSettings read(List<String> words, Map<String, String> environment) {
        var properties = given();
        options(words, properties);
        var home = Optional.ofNullable(properties.remove("ham.home"))
                .or(() -> Optional.ofNullable(environment.get("HAM_HOME")))
                .map(NodeSettings::absolute)
                .orElseThrow(() -> new IllegalArgumentException("HAM_HOME is not set; start a node with bin/ham"));
        var runDir = absolute(runDir(properties.get("ham.run.dir"), environment));
        var conf = Optional.ofNullable(properties.get("ham.conf.dir")).map(NodeSettings::absolute);
        properties.put("ham.run.dir", runDir.toString());
        conf.ifPresent(folder -> properties.put("ham.conf.dir", folder.toString()));
        properties.putAll(instance(conf, environment.containsKey("HAM_GUARDIAN_OF")));
        properties.computeIfAbsent(COMMAND, _ -> guardianCommand(home, properties));
        return new NodeSettings(runDir, conf, home, properties);
    }

    /** The same with the bundles that run in place of the distribution's; the second node gets them too. */
    NodeSettings withOwnBundles(List<Path> jars) {
        var more = new HashMap<>(properties);
        var usual = guardianCommand(home, without(properties)).equals(properties.get(COMMAND));
        more.put(
                OwnBundles.PROPERTY,
                String.join(":", jars.stream().map(Path::toString).toList()));
        if (usual) {
            more.put(COMMAND, guardianCommand(home, without(more)));
        }
        return new NodeSettings(runDir, conf, home, more);
    }

    private static Map<String, String> without(Map<String, String> properties) {
        var rest = new HashMap<>(properties);
        rest.remove(COMMAND);
        return rest;
    }

    private static Map<String, String> given() {
        var given = new HashMap<String, String>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> given.put(name, System.getProperty(name)));
        return given;
    }

    private static void options(List<String> words, Map<String, String> properties) {
        var names = Map.of("--run-dir", "ham.run.dir", "--conf", "ham.conf.dir");
        for (int i = 0; i < words.size(); i += 2) {
            var name = names.get(words.get(i));
            if (name == null || i + 1 == words.size()) {
                throw new IllegalArgumentException("a node knows --run-dir DIR and --conf DIR, not: " + words.get(i));
            }
            properties.put(name, words.get(i + 1));
        }
    }

    private static String runDir(@Nullable String given, Map<String, String> environment) {
        var own = environment.get("XDG_RUNTIME_DIR");
        if (given != null) {
            return given;
        }
        if (environment.containsKey("HAM_RUN_DIR")) {
            return environment.getOrDefault("HAM_RUN_DIR", "");
        }
        if ("root".equals(System.getProperty("user.name"))) {
            return "/run/ham";
        }
        if (own == null || own.isBlank()) {
            throw new IllegalArgumentException(
                    "give a run-dir by --run-dir or HAM_RUN_DIR: XDG_RUNTIME_DIR is not set");
        }
        return own + "/ham";
    }

    /**
     * What {@code ham.yaml} says. A wrong file is refused, but not by a Guardian: that would leave a running HAM unmirrored
     * because of a typing error, so it goes on with what the HAM runs under and handed to it.
     */
    private static Map<String, String> instance(Optional<Path> conf, boolean guardian) {
        var file = conf.map(folder -> InstanceFile.read(folder.resolve("ham.yaml")))
                .orElse(new InstanceFile(Map.of(), List.of()));
        if (!file.problems().isEmpty() && !guardian) {
            throw new IllegalArgumentException(String.join("\nham: ", file.problems()));
        }
        return file.properties();
    }

    /** The second node is started like this one, with the same settings. */
    private static String guardianCommand(Path home, Map<String, String> properties) {
        var script = home.resolve("bin/ham-node");
        if (!Files.isExecutable(script)) {
            return "";
        }
        var command = new ArrayList<String>();
        command.add(quoted(script.toString()));
        properties.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> command.add(quoted("-D" + entry.getKey() + "=" + entry.getValue())));
        return String.join(" ", command);
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}
