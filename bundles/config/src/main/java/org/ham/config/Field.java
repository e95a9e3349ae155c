package org.ham.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ham.api.HamException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value in a file: what it is, where it stands, and what it is called. Reading it as something it is not notes a
 * problem and gives nothing. Confined to one thread.
 *
 * @param problems where to note what is wrong
 * @param name the way to it, such as {@code conditions.died.when}
 * @param node the value
 */
record Field(Problems problems, String name, Node node) {
    Field {
        problems.countValue(node);
    }

    /** Notes that this is wrong. */
    <T> Optional<T> wrong(String text) {
        problems.add(node, name, text);
        return Optional.empty();
    }

    /** Notes what was expected instead. */
    <T> Optional<T> expected(String what) {
        return wrong("expected " + what + ", found " + found());
    }

    /** Makes something of this; what HAM refuses becomes a problem of this field. */
    <T> Optional<T> checked(Function<Field, T> use) {
        try {
            return Optional.of(use.apply(this));
        } catch (HamException e) {
            return wrong(String.valueOf(e.getMessage()));
        }
    }

    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isScalar() {
        return node instanceof ScalarNode && !isNothing();
    }

    boolean isText(String text) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(text);
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    /** The text as it is written, also that of a number. */
    Optional<String> text(String what) {
        if (!(node instanceof ScalarNode scalar) || isNothing()) {
            return expected(what);
        }
        return scalar.getValue().indexOf('\0') >= 0 ? wrong("has a NUL character") : Optional.of(scalar.getValue());
    }

    Optional<Long> number(long least, String what) {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.INT)) {
            try {
                var value = Long.parseLong(scalar.getValue());
                return value < least ? expected(what) : Optional.of(value);
            } catch (NumberFormatException e) {
                return expected(what);
            }
        }
        return expected(what);
    }

    Optional<Boolean> truth() {
        return node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)
                ? Optional.of(Boolean.parseBoolean(scalar.getValue()))
                : expected("true or false");
    }

    /** The elements of a list. */
    Optional<List<Field>> list(String what) {
        if (!(node instanceof SequenceNode sequence)) {
            return expected(what);
        }
        var elements = new ArrayList<Field>();
        for (var element : sequence.getValue()) {
            elements.add(new Field(problems, name + "[" + elements.size() + "]", element));
        }
        return Optional.of(elements);
    }

    /** The elements of a list of texts; nothing when one of them is wrong. */
    Optional<List<String>> words(String what) {
        return list(what).flatMap(elements -> {
            var words = elements.stream().map(element -> element.text("a text")).toList();
            return words.stream().allMatch(Optional::isPresent)
                    ? Optional.of(words.stream().map(Optional::orElseThrow).toList())
                    : Optional.empty();
        });
    }

    /** The values of a map by their keys, in the file's order. */
    Optional<Keys> map(String what) {
        if (!(node instanceof MappingNode mapping)) {
            return expected(what);
        }
        var values = new LinkedHashMap<String, Field>();
        for (var pair : mapping.getValue()) {
            var key = new Field(problems, name, pair.getKeyNode()).text("a text as key");
            if (key.isEmpty()) {
                continue;
            }
            var value = new Field(problems, name.isEmpty() ? key.get() : name + "." + key.get(), pair.getValueNode());
            if (values.putIfAbsent(key.get(), value) != null) {
                problems.add(pair.getKeyNode(), name, "the key '" + key.get() + "' stands here twice");
            }
        }
        return Optional.of(new Keys(values));
    }

    /** The values of a map with none but these keys. */
    Optional<Keys> map(String what, List<String> known) {
        return map(what).map(values -> {
            values.forEach((key, value) -> {
                if (!known.contains(key)) {
                    value.wrong("unknown key; known are: " + String.join(", ", known));
                }
            });
            return values;
        });
    }

    /** The values of a map of texts. */
    Map<String, String> texts(String what) {
        var texts = new LinkedHashMap<String, String>();
        map(what)
                .orElse(Keys.NONE)
                .forEach((key, value) -> value.text("a text").ifPresent(text -> texts.put(key, text)));
        return texts;
    }

    private String found() {
        return switch (node) {
            case ScalarNode _ when isNothing() -> "nothing";
            case ScalarNode scalar -> "'" + abbreviate(scalar.getValue()) + "'";
            case SequenceNode _ -> "a list";
            case MappingNode mapping ->
                "a map with the keys "
                        + abbreviate(mapping.getValue().stream()
                                .limit(10)
                                .map(pair -> pair.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?")
                                .collect(Collectors.joining(", ")));
            default -> "something else";
        };
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
