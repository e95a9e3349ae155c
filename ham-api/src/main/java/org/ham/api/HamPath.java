package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ham.api.HamException.Code;

/**
 * Where something stands in HAM's tree: {@code entity}, {@code entity/condition} or {@code entity/condition/action}.
 * The global entity, whose conditions match events of any entity, is written {@code *}. Immutable.
 */
public record HamPath(String entity, Optional<String> condition, Optional<String> action) {
    /** The longest name and the longest whole path, in bytes of UTF-8 ({@code _POSIX_PATH_MAX}). */
    public static final int LONGEST = 256;

    /** How the global entity is written. */
    public static final String GLOBAL = "*";

    /** Checks every name and the length of the whole. */
    public HamPath {
        requireName("entity", entity);
        condition.ifPresent(name -> requireName("condition", name));
        action.ifPresent(name -> requireName("action", name));
        if (action.isPresent() && condition.isEmpty()) {
            throw new HamException(Code.INVALID, "an action path needs its condition: ENTITY/CONDITION/ACTION");
        }
        var length = (entity
                        + condition.map(c -> "/" + c).orElse("")
                        + action.map(a -> "/" + a).orElse(""))
                .getBytes(StandardCharsets.UTF_8)
                .length;
        if (length > LONGEST) {
            throw new HamException(
                    Code.NAME_TOO_LONG,
                    "path of " + length + " bytes, the longest is " + LONGEST + ": " + abbreviate(entity) + "/…");
        }
    }

    /** The path of an entity. */
    public static HamPath entity(String entity) {
        return new HamPath(entity, Optional.empty(), Optional.empty());
    }

    /** The path of a condition. */
    public static HamPath condition(String entity, String condition) {
        return new HamPath(entity, Optional.of(condition), Optional.empty());
    }

    /** The path of an action. */
    public static HamPath action(String entity, String condition, String action) {
        return new HamPath(entity, Optional.of(condition), Optional.of(action));
    }

    /** Reads a path as it is printed; throws {@link Code#INVALID} for anything else than one to three names. */
    public static HamPath parse(String text) {
        var names = requireNonNull(text, "text").split("/", -1);
        return switch (names.length) {
            case 1 -> entity(names[0]);
            case 2 -> condition(names[0], names[1]);
            case 3 -> action(names[0], names[1], names[2]);
            default ->
                throw new HamException(
                        Code.INVALID, "'" + abbreviate(text) + "' is not a path: ENTITY[/CONDITION[/ACTION]]");
        };
    }

    /**
     * Checks one name: not empty, no {@code /}, no control characters, at most {@link #LONGEST} bytes.
     *
     * @param what names the thing in the message, such as {@code "entity"}
     * @return the name
     */
    public static String requireName(String what, String name) {
        if (requireNonNull(name, what).isEmpty()) {
            throw new HamException(Code.INVALID, what + " name is empty; give it a name");
        }
        var length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new HamException(
                    Code.NAME_TOO_LONG,
                    what + " name of " + length + " bytes, the longest is " + LONGEST + ": " + abbreviate(name));
        }
        if (name.indexOf('/') >= 0) {
            throw new HamException(
                    Code.INVALID, what + " name '" + name + "' has a '/', which separates names in a path");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new HamException(
                    Code.INVALID, what + " name '" + name.replaceAll("\\p{Cntrl}", "?") + "' has a control character");
        }
        return name;
    }

    /** The path without its last name; empty for an entity. */
    public Optional<HamPath> parent() {
        if (action.isPresent()) {
            return Optional.of(new HamPath(entity, condition, Optional.empty()));
        }
        return condition.map(_ -> entity(entity));
    }

    private static String abbreviate(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }

    @Override
    public String toString() {
        return entity
                + condition.map(c -> "/" + c).orElse("")
                + action.map(a -> "/" + a).orElse("");
    }
}
