package org.ham.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.ham.api.EntityFlag;
import org.ham.api.EntitySpec;
import org.ham.api.HamPath;
import org.ham.api.StartSpec;

/**
 * What an entity file says, or why it is refused; never both. Immutable.
 *
 * @param documents the entities it declares; none when it is refused
 * @param problems sentences with file, line, column, field and what was expected
 */
record EntityFile(List<EntityDocument> documents, List<String> problems) {
    private static final List<String> START_KEYS = List.of("directory", "environment", "user", "limits", "output");
    private static final List<String> KEYS = List.of(
            "entity",
            "start",
            "pid",
            "placeholder",
            "directory",
            "environment",
            "user",
            "limits",
            "output",
            "flags",
            "heartbeat",
            "on-remove",
            "conditions");

    /**
     * Reads a file.
     *
     * @param conf the configuration folder, which relative directories are relative to
     * @param name the file's name, for messages
     */
    static EntityFile parse(Path conf, String name, byte[] content) {
        var problems = new Problems(name);
        var documents = new ArrayList<EntityDocument>();
        try {
            var names = new HashSet<String>();
            for (var node : Documents.of(name, content, problems)) {
                var document = new Field(problems, "", node);
                if (!document.isNothing()) {
                    document(conf, document, names).ifPresent(documents::add);
                }
            }
        } catch (Problems.TooMuch e) {
            problems.add(e.place(), "the file stands for " + e.getMessage());
        }
        if (problems.none() && documents.isEmpty()) {
            problems.add(Optional.empty(), "the file is empty; expected entity: NAME and what to do with it");
        }
        return problems.none()
                ? new EntityFile(List.copyOf(documents), List.of())
                : new EntityFile(List.of(), problems.sentences());
    }

    private static Optional<EntityDocument> document(Path conf, Field document, Set<String> names) {
        var map = document.map("a map that begins with entity: NAME", KEYS);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        var fields = map.get();
        var name = fields.get("entity")
                .or(() -> document.wrong("entity: is missing; give the entity a name"))
                .flatMap(field -> name(field, names));
        var start = fields.get("start").flatMap(field -> start(conf, field, fields));
        var pid = fields.get("pid").flatMap(field -> field.number(1, "a process number above 0"));
        checkKind(document, fields, name.orElse(""));
        var heartbeat = fields.get("heartbeat").flatMap(Heartbeat::of);
        var flags = Words.flags(fields.get("flags"), "[keep-on-death]", EntityFlag::parse);
        var stop = fields.get("on-remove").flatMap(EntityFile::stopOnRemove);
        var conditions = Conditions.of(fields.get("conditions"));
        if (name.isEmpty() || !document.problems().none()) {
            return Optional.empty();
        }
        var processId = pid.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return document.checked(_ -> new EntitySpec(name.get(), start, processId, flags, conditions, heartbeat))
                .map(entity -> new EntityDocument(entity, stop.orElse(false)));
    }

    private static Optional<String> name(Field field, Set<String> taken) {
        var name = field.text("a name").flatMap(text -> field.checked(_ -> HamPath.requireName("entity", text)));
        return name.isEmpty() || taken.add(name.get())
                ? name
                : field.wrong("the entity '" + name.get() + "' stands twice in this file");
    }

    private static void checkKind(Field document, Keys fields, String name) {
        var kinds = List.of("start", "pid", "placeholder").stream()
                .filter(fields::has)
                .toList();
        if (name.equals(HamPath.GLOBAL)) {
            kinds.forEach(kind -> fields.get(kind)
                    .ifPresent(field -> field.wrong("the global entity '*' has no process, only conditions")));
        } else if (kinds.isEmpty()) {
            document.wrong("give one of start: COMMAND, pid: NUMBER or placeholder: true");
        } else if (kinds.size() > 1) {
            fields.get(kinds.get(1))
                    .ifPresent(field -> field.wrong("give either " + String.join(" or ", kinds) + ", not both"));
        }
        fields.get("placeholder")
                .filter(field -> field.truth().filter(value -> !value).isPresent())
                .ifPresent(field -> field.wrong("expected true; leave the key out for an entity with a process"));
        if (!fields.has("start")) {
            START_KEYS.forEach(key -> fields.get(key)
                    .ifPresent(field -> field.wrong("counts for a process that HAM starts; give start: as well")));
        }
    }

    private static Optional<StartSpec> start(Path conf, Field start, Keys fields) {
        var command = start.words("a list of words such as [jwebserver, -p, \"8000\"]");
        var directory = fields.get("directory")
                .flatMap(field -> field.text("a folder"))
                .map(text -> conf.resolve(text).normalize().toString());
        var environment = fields.get("environment")
                .map(field -> field.texts("a map such as {LANG: C.UTF-8}"))
                .orElse(Map.of());
        var user = fields.get("user").flatMap(field -> field.text("the name of a user"));
        var limits = fields.get("limits").map(Words::limits).orElse(Map.of());
        var output = fields.get("output").flatMap(field -> field.text("the name of a file"));
        return command.flatMap(
                words -> start.checked(_ -> new StartSpec(words, directory, environment, user, limits, output)));
    }

    private static Optional<Boolean> stopOnRemove(Field field) {
        return field.text("stop or leave")
                .flatMap(word -> word.equals("stop") || word.equals("leave")
                        ? Optional.of(word.equals("stop"))
                        : field.expected("stop or leave"));
    }
}
