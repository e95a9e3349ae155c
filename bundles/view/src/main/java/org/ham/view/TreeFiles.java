package org.ham.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ham.api.ActionView;
import org.ham.api.ConditionView;
import org.ham.api.EntityView;
import org.ham.api.HamPath;
import org.ham.api.NodeInfo;

/** The HAM's tree as folders and files. Thread-safe. */
final class TreeFiles {
    /** Names that mean something else in a folder; what is called so is left out. */
    private static final Set<String> TAKEN = Set.of(".", "..", Place.INFO);

    private final Shown ham;
    private final Path runDir;

    TreeFiles(Shown ham, Path runDir) {
        this.ham = ham;
        this.runDir = runDir;
    }

    /** What is at a place at this moment. */
    Optional<Item> at(Place place) {
        var names = place.names();
        if (names.isEmpty()) {
            return Optional.of(new Item.Folder(since(ham.status().since()), this::top));
        }
        var below = names.subList(1, names.size());
        if (names.getFirst().equals(Place.INFO)) {
            return below.isEmpty()
                    ? Optional.of(file(ham.status().since(), () -> NodeInfo.of(ham.status(), runDir)))
                    : Optional.empty();
        }
        return ham.entity(names.getFirst()).flatMap(entity -> inEntity(entity, created(entity), below));
    }

    /** The global entity was there from the start. */
    private String created(EntityView entity) {
        return entity.created().isEmpty() ? ham.status().since() : entity.created();
    }

    private static Optional<Item> inEntity(EntityView entity, String since, List<String> names) {
        if (names.isEmpty()) {
            return Optional.of(new Item.Folder(
                    since(since), () -> entries(entity.conditions().stream().map(ConditionView::name), true)));
        }
        var below = names.subList(1, names.size());
        if (names.getFirst().equals(Place.INFO)) {
            return below.isEmpty() ? Optional.of(file(since, () -> NodeInfo.of(entity))) : Optional.empty();
        }
        return entity.conditions().stream()
                .filter(condition -> condition.name().equals(names.getFirst()))
                .findFirst()
                .flatMap(condition -> inCondition(entity, condition, since, below));
    }

    private static Optional<Item> inCondition(
            EntityView entity, ConditionView condition, String since, List<String> names) {
        if (names.isEmpty()) {
            return Optional.of(new Item.Folder(
                    since(since), () -> entries(condition.actions().stream().map(ActionView::name), false)));
        }
        if (names.size() > 1) {
            return Optional.empty();
        }
        if (names.getFirst().equals(Place.INFO)) {
            return Optional.of(file(since, () -> NodeInfo.of(entity, condition)));
        }
        return condition.actions().stream()
                .filter(action -> action.name().equals(names.getFirst()))
                .findFirst()
                .map(action -> file(since, () -> NodeInfo.of(entity, condition, action)));
    }

    private List<Item.Entry> top() {
        var names = ham.tree().entities().stream().map(EntityView::name).filter(name -> !name.equals(HamPath.GLOBAL));
        return entries(Stream.concat(names, Stream.of(HamPath.GLOBAL)), true);
    }

    private static List<Item.Entry> entries(Stream<String> names, boolean folders) {
        var entries = new ArrayList<Item.Entry>();
        entries.add(new Item.Entry(Place.INFO, false));
        names.filter(name -> !TAKEN.contains(name)).forEach(name -> entries.add(new Item.Entry(name, folders)));
        return entries;
    }

    private static Item file(String since, Supplier<Map<String, Object>> labels) {
        return new Item.File(since(since), () -> NodeInfo.text(labels.get()).getBytes(UTF_8));
    }

    private static Instant since(String iso) {
        try {
            return Instant.parse(iso);
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }
}
