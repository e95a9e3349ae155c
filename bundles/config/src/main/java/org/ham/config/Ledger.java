package org.ham.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which entities the files own, kept in the run-dir so that the next HAM knows what to detach when a file vanished while
 * nobody looked. Written new and renamed. Confined to the config thread.
 */
final class Ledger {
    private static final String MAGIC = "ham config-entities 1";

    /**
     * An entity and the file it came from.
     *
     * @param file the file's name
     * @param stopOnRemove whether the last good version said so
     * @param digest the content of the file that was declared
     */
    record Owned(String file, boolean stopOnRemove, String digest) {}

    private final Path path;
    private final TreeMap<String, Owned> entities = new TreeMap<>();
    private final TreeSet<String> alarms = new TreeSet<>();
    private String reign = "";
    private String saved = "";

    Ledger(Path path) {
        this.path = path;
    }

    /** Reads what was saved; throws when it is there and makes no sense, and is empty then. */
    void load() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            return;
        }
        if (lines.size() < 2
                || !lines.getFirst().equals(MAGIC)
                || !lines.getLast().equals("end\t" + lines.size())) {
            throw new IOException("it is not whole");
        }
        for (var line : lines) {
            var parts = line.split("\t", -1);
            switch (parts[0] + parts.length) {
                case "reign2" -> reign = parts[1];
                case "alarm2" -> alarms.add(parts[1]);
                case "entity5" -> entities.put(parts[1], new Owned(parts[2], parts[3].equals("stop"), parts[4]));
                default -> {}
            }
        }
        saved = text();
    }

    /** Writes it if anything changed. */
    void save() throws IOException {
        var text = text();
        if (!text.equals(saved)) {
            var fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            saved = text;
        }
    }

    private String text() {
        var lines = new ArrayList<String>();
        lines.add(MAGIC);
        lines.add("reign\t" + reign);
        alarms.forEach(file -> lines.add("alarm\t" + file));
        entities.forEach((name, owned) -> lines.add("entity\t" + name + "\t" + owned.file() + "\t"
                + (owned.stopOnRemove() ? "stop" : "leave") + "\t" + owned.digest()));
        lines.add("end\t" + (lines.size() + 1));
        return String.join("\n", lines) + "\n";
    }

    /** Begins the reign of a HAM; whether it is another one than the last that was saved. */
    boolean begin(String newReign) {
        var other = !reign.equals(newReign);
        reign = newReign;
        return other;
    }

    /** Forgets what was declared, so that everything is declared again. */
    void forgetDigests() {
        entities.replaceAll((_, owned) -> new Owned(owned.file(), owned.stopOnRemove(), ""));
    }

    Optional<Owned> get(String entity) {
        return Optional.ofNullable(entities.get(entity));
    }

    void put(String entity, Owned owned) {
        entities.put(entity, owned);
    }

    void remove(String entity) {
        entities.remove(entity);
    }

    Map<String, Owned> entities() {
        return Map.copyOf(entities);
    }

    /** The entities of a file, by name. */
    List<String> of(String file) {
        return entities.entrySet().stream()
                .filter(entry -> entry.getValue().file().equals(file))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The files that an alarm stands for. */
    List<String> alarms() {
        return List.copyOf(alarms);
    }

    void alarm(String file, boolean wrong) {
        if (wrong) {
            alarms.add(file);
        } else {
            alarms.remove(file);
        }
    }
}
