package org.ham.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The values of a map in a file by their keys, in the file's order.
 *
 * @param fields the values
 */
record Keys(Map<String, Field> fields) {
    static final Keys NONE = new Keys(Map.of());

    Optional<Field> get(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    Set<String> names() {
        return fields.keySet();
    }

    Collection<Field> values() {
        return fields.values();
    }

    void forEach(BiConsumer<String, Field> use) {
        fields.forEach(use);
    }
}
