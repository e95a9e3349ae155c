package org.ham.crash;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass of a point was about: which file of the journal, which kind of start, effect or line. Looks into the product's
 * objects by reflection. Stateless.
 */
final class Details {
    private static final List<String> FILES = List.of(
            "snapshot.tmp", "snapshot.1", "snapshot", "segment.tmp", "epoch.tmp", "epoch", "reserve.tmp", "reserve");

    private Details() {}

    /**
     * The word for it; empty where a point is always about the same.
     *
     * @param point the name of the point without what it is about
     * @param objects the object and the arguments of the call
     */
    static String of(String point, @Nullable Object[] objects) {
        if (point.startsWith("LocalDisk.Steady.")) {
            return file(field(objects[0], "path"));
        }
        if (point.startsWith("LocalDisk.")) {
            return file(objects.length > 2 && objects[2] instanceof Path to ? to : objects[1]);
        }
        if (point.startsWith("ProcessTable.spawn ") || point.startsWith("Spawner.start ")) {
            return started(String.valueOf(objects[1]));
        }
        if (point.startsWith("Leader.append ")) {
            return String.valueOf(call(call(call(objects[1], "events"), "getFirst"), "type"));
        }
        if (point.startsWith("Leader.carryOut ")) {
            var effect = objects[1];
            return effect == null ? "" : effect.getClass().getSimpleName();
        }
        return "";
    }

    private static String file(@Nullable Object path) {
        if (!(path instanceof Path file) || file.getFileName() == null) {
            return "other";
        }
        var name = String.valueOf(file.getFileName());
        if (name.matches("\\d{20}\\.log")) {
            return "segment";
        }
        return FILES.contains(name) ? name : name.equals("journal") ? "folder" : "other";
    }

    private static String started(String spawn) {
        // The HAM's own environment may name an entity of another HAM, the Guardian's start names the HAM.
        return spawn.contains("HAM_INVOCATION_ID=") ? "entity" : spawn.contains("ham-node") ? "guardian" : "other";
    }

    private static @Nullable Object field(@Nullable Object of, String name) {
        if (of == null) {
            return null;
        }
        try {
            var field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the points do not fit the product any more", e);
        }
    }

    private static @Nullable Object call(@Nullable Object of, String name) {
        if (of == null) {
            return null;
        }
        try {
            var method = (of instanceof List<?> ? List.class : of.getClass()).getMethod(name);
            return method.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the points do not fit the product any more", e);
        }
    }
}
