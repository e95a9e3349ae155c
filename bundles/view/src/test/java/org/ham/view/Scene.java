package org.ham.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.ActionView;
import org.ham.api.ConditionView;
import org.ham.api.EntityView;
import org.ham.api.Status;
import org.ham.api.Tree;

/** A HAM that shows what it is given. Confined to the test. */
final class Scene implements Shown {
    static final String SINCE = "2026-01-02T03:04:05.000000006Z";

    final List<EntityView> entities = new ArrayList<>(List.of(web("web", 4711)));

    static EntityView web(String name, long pid) {
        var restart = new ActionView("restart", "restart", List.of("rearm"), true, Map.of(), List.of(), 3);
        var died = new ConditionView(
                "died", "death", List.of("rearm"), true, List.of(restart), 2, Optional.empty(), Optional.empty());
        return entity(name, "external", OptionalLong.of(pid), SINCE, List.of(died));
    }

    private static EntityView entity(
            String name, String kind, OptionalLong pid, String created, List<ConditionView> conditions) {
        return new EntityView(
                name,
                kind,
                "running",
                pid,
                pid,
                0,
                true,
                0,
                created,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of("sleep", "1000"),
                conditions,
                1,
                Optional.empty(),
                false,
                "",
                0);
    }

    @Override
    public Status status() {
        return new Status(42, 1, SINCE, OptionalLong.of(43), true, 1, 1, 1, 0, 0, 0, "", true);
    }

    @Override
    public Tree tree() {
        return new Tree(9, List.copyOf(entities));
    }

    @Override
    public Optional<EntityView> entity(String name) {
        if (name.equals("*")) {
            return Optional.of(entity("*", "global", OptionalLong.empty(), "", List.of()));
        }
        return entities.stream().filter(entity -> entity.name().equals(name)).findFirst();
    }
}
