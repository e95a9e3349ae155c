package org.ham.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/** What the records of one type are made of; looked at once for each type. Immutable. */
final class Shape {
    /** No ClassValue: what that keeps lives as long as the type, which lives on when the bundle that this is part of is replaced. */
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    private final Class<?> type;
    private final List<RecordComponent> components;
    private final Set<String> names;

    /** None for a record that is no public one, and so is only written. */
    private final Optional<Constructor<?>> constructor;

    private Shape(Class<?> type) {
        this.type = type;
        components = List.of(type.getRecordComponents());
        names = components.stream().map(RecordComponent::getName).collect(Collectors.toUnmodifiableSet());
        constructor = constructor(type, components);
    }

    private static Optional<Constructor<?>> constructor(Class<?> type, List<RecordComponent> components) {
        try {
            return Optional.of(type.getConstructor(
                    components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new)));
        } catch (NoSuchMethodException _) {
            return Optional.empty();
        }
    }

    static Shape of(Class<?> type) {
        return SHAPES.computeIfAbsent(type, Shape::new);
    }

    /** In the order in which the constructor takes them. */
    List<RecordComponent> components() {
        return components;
    }

    /** Throws when there is a name that no component has; the message has all there are. */
    void refuseUnknown(Map<?, ?> map, String field) {
        for (var name : map.keySet()) {
            if (!names.contains(String.valueOf(name))) {
                throw new HamException(
                        Code.INVALID,
                        (field.isEmpty() ? "params" : field) + ": unknown name '"
                                + Plain.shorten(String.valueOf(name)) + "'; known are: "
                                + components.stream()
                                        .map(RecordComponent::getName)
                                        .collect(Collectors.joining(", ")));
            }
        }
    }

    /** Makes a record; throws what the record itself refuses. */
    Object make(@Nullable Object[] values, String field) {
        try {
            return constructor
                    .orElseThrow(() -> new IllegalStateException(type + " is no public record"))
                    .newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof HamException refused) {
                throw refused;
            }
            throw new HamException(Code.INVALID, field + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type, e);
        }
    }
}
