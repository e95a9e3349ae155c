package org.ham.journal;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ham.api.Actor;
import org.ham.api.Event;

/**
 * An event as one line for people: time, number, type, where in the tree, then what is known of it. Thread-safe.
 *
 * <pre>{@code
 * 2026-03-01 12:00:00.123     17  death             web  pid 4711, killed by SIGSEGV, core dumped
 * 2026-03-01 12:00:00.124     19  action-done       web/died/restart  ok, because of 17
 * }</pre>
 */
public final class EventText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final int LONGEST_VALUE = 200;

    private static final Set<String> FOR_PROGRAMS =
            Set.of("input", "word", "startTime", "inode", "boot", "ok", "detail");

    private EventText() {}

    /** The line, without a line end, with the time of a zone. */
    public static String line(Event event, ZoneId zone) {
        var text = new StringBuilder(120);
        text.append(TIME.format(event.time().atZone(zone)));
        text.append(String.format(Locale.ROOT, " %6d  %-16s", event.seq(), clean(event.type())));
        var path = new ArrayList<String>();
        event.entity().ifPresent(path::add);
        event.condition().ifPresent(path::add);
        event.action().ifPresent(path::add);
        if (!path.isEmpty()) {
            text.append("  ").append(clean(String.join("/", path)));
        }
        var details = details(event);
        if (!details.isEmpty()) {
            text.append("  ").append(String.join(", ", details));
        }
        return text.toString().stripTrailing();
    }

    private static List<String> details(Event event) {
        var details = new ArrayList<String>();
        event.pid().ifPresent(pid -> details.add("pid " + pid));
        event.reason().ifPresent(reason -> details.add(clean(reason.toString())));
        event.outcome().ifPresent(outcome -> details.add(clean(outcome)));
        event.data().forEach((name, value) -> {
            // The whole of what was asked for, and the parts of an identity, are for programs.
            if (!FOR_PROGRAMS.contains(name)) {
                details.add(clean(name) + "=" + value(value));
            }
        });
        event.cause().ifPresent(cause -> details.add("because of " + cause));
        event.actor().map(EventText::actor).ifPresent(details::add);
        return details;
    }

    private static String actor(Actor actor) {
        return "by " + clean(actor.name())
                + (actor.pid() == 0 ? "" : " (uid " + actor.uid() + ", pid " + actor.pid() + ")");
    }

    private static String value(Object value) {
        var text = switch (value) {
            case String string when string.isEmpty() || string.indexOf(' ') >= 0 -> '"' + string + '"';
            case Collection<?> list when list.isEmpty() -> "[]";
            case Map<?, ?> map when map.isEmpty() -> "{}";
            case null -> "null";
            default -> value.toString();
        };
        return clean(text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…");
    }

    /** A name must be able neither to start a line of its own nor to steer the terminal. */
    private static String clean(String text) {
        return text.chars().noneMatch(Character::isISOControl) ? text : text.replaceAll("\\p{Cntrl}", "?");
    }
}
