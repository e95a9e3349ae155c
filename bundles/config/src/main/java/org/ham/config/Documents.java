package org.ham.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** The YAML documents of a file as nodes that know their lines, within limits that no sensible file reaches. */
final class Documents {
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_DOCUMENTS = 1000;
    private static final int MOST_ALIASES = 1000;
    private static final int DEEPEST = 32;

    private Documents() {}

    /** The documents, or none when there are problems. */
    static List<Node> of(String file, byte[] content, Problems problems) {
        if (content.length > MOST_BYTES) {
            problems.add(
                    Optional.empty(),
                    "the file has " + content.length + " bytes, the most is " + MOST_BYTES + "; split it");
            return List.of();
        }
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            var settings = LoadSettings.builder()
                    .setLabel(file)
                    .setMaxAliasesForCollections(MOST_ALIASES)
                    .setCodePointLimit(MOST_BYTES)
                    .build();
            if (!withinLimits(new Parse(settings).parseString(text), problems)) {
                return List.of();
            }
            var documents = new ArrayList<Node>();
            new Compose(settings).composeAllFromString(text).forEach(documents::add);
            return documents;
        } catch (CharacterCodingException e) {
            problems.add(Optional.empty(), "the file is not UTF-8 text");
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    e.getProblemMark(),
                    "not valid YAML: " + (e.getContext() == null ? "" : e.getContext() + ", ") + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(Optional.empty(), "not valid YAML: " + e.getMessage());
        }
        return List.of();
    }

    /** Looked at before nodes are built: building them goes as deep as the file does. */
    private static boolean withinLimits(Iterable<Event> events, Problems problems) {
        int depth = 0;
        int documents = 0;
        int aliases = 0;
        for (var event : events) {
            switch (event) {
                case DocumentStartEvent _ -> documents++;
                case CollectionStartEvent _ -> depth++;
                case CollectionEndEvent _ -> depth--;
                case AliasEvent _ -> aliases++;
                default -> {}
            }
            var excess = depth > DEEPEST
                    ? "lists and maps nested more than " + DEEPEST + " deep"
                    : documents > MOST_DOCUMENTS
                            ? "more than " + MOST_DOCUMENTS + " documents; split the file"
                            : aliases > MOST_ALIASES ? "more than " + MOST_ALIASES + " aliases" : "";
            if (!excess.isEmpty()) {
                problems.add(event.getStartMark(), excess);
                return false;
            }
        }
        return true;
    }
}
