package org.ham.api;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What there is to tell of one node: the labels of the original's {@code /proc/ham} first, then ours. {@code ham info} and the
 * files of the view are the same text. Values are texts, numbers and lists of texts. Thread-safe.
 */
public final class NodeInfo {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss:nnnnnnnnn", Locale.ROOT);

    private NodeInfo() {}

    /** Of the HAM itself. */
    public static Map<String, Object> of(Status status, Path runDir) {
        var labels = new LinkedHashMap<String, Object>();
        labels.put("Ham Pid", status.hamPid());
        labels.put("Guardian Pid", status.guardianPid().orElse(0));
        labels.put("Ham Failures", status.hamFailures());
        labels.put("Guardian Failures", status.guardianFailures());
        labels.put("Num Entities", status.entities());
        labels.put("Num Conditions", status.conditions());
        labels.put("Num Actions", status.actions());
        labels.put("Epoch", status.epoch());
        labels.put("Since", stamp(status.since()));
        labels.put("Guardian Ready", onOff(status.guardianReady()));
        labels.put("Verbosity", status.verbosity());
        labels.put("Heartbeats", onOff(status.heartbeats()));
        labels.put("Alarm", status.alarm());
        labels.put("Run Dir", runDir.toString());
        return labels;
    }

    /** As text, a line a label, the labels padded to one width. */
    public static String text(Map<String, Object> labels) {
        var width = labels.keySet().stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder();
        labels.forEach(
                (label, value) -> text.append(line(label, width, words(value))).append('\n'));
        return text.toString();
    }

    // "Stats:" is a heading and brings its colon along.
    private static String line(String label, int width, String value) {
        return label.endsWith(":")
                ? label
                : (label + " ".repeat(width - label.length()) + " : " + value).stripTrailing();
    }

    private static String words(Object value) {
        return value instanceof List<?> list
                ? String.join(" ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    /** Of an entity. */
    public static Map<String, Object> of(EntityView entity) {
        var labels = begin(HamPath.entity(entity.name()), entity);
        labels.put("Num conditions", entity.conditions().size());
        labels.put("Entity type", entityType(entity));
        labels.put("Stats:", "");
        labels.put("Created", stamp(entity.created()));
        labels.put("Num Restarts", entity.restarts());
        labels.put("Last Death", entity.lastDeath().map(NodeInfo::stamp).orElse("never"));
        entity.lastReason().ifPresent(reason -> labels.put("Last Reason", reason.toString()));
        labels.put("Status", entity.status());
        labels.put("State", entity.state());
        labels.put("Ready", entity.ready() ? "YES" : "NO");
        labels.put("Text", entity.text());
        entity.heartbeat().ifPresent(beats -> heartbeat(labels, beats));
        labels.put("Enabled", onOff(entity.enabled()));
        labels.put("Flags", entity.flags());
        if (!entity.command().isEmpty()) {
            labels.put("Start Line", ShellWords.line(entity.command()));
        }
        return labels;
    }

    /** The period in nanoseconds, as the original has it. */
    private static void heartbeat(Map<String, Object> labels, HeartbeatView beats) {
        labels.put("HeartBeat Period", beats.periodNanos());
        labels.put("HB Low Mark", beats.low());
        labels.put("HB High Mark", beats.high());
        labels.put("HeartBeat State", beats.state().toUpperCase(Locale.ROOT));
        labels.put("HB Self Healing", onOff(beats.selfHealing()));
    }

    /** Of a condition of an entity. */
    public static Map<String, Object> of(EntityView entity, ConditionView condition) {
        var labels = begin(HamPath.condition(entity.name(), condition.name()), entity);
        labels.put("Num Actions", condition.actions().size());
        labels.put("Condition ReArm", onOff(rearms(condition, condition.flags())));
        labels.put("Condition type", conditionType(condition));
        condition.onState().ifPresent(match -> {
            labels.put("From State", match.from().toString());
            labels.put("To State", match.to().toString());
        });
        condition.onRaise().ifPresent(match -> labels.put("Raise", match.toString()));
        labels.put("Enabled", onOff(condition.enabled()));
        labels.put("Flags", condition.flags());
        return labels;
    }

    /** Of an action of a condition. */
    public static Map<String, Object> of(EntityView entity, ConditionView condition, ActionView action) {
        var labels = begin(HamPath.action(entity.name(), condition.name(), action.name()), entity);
        labels.put("Action ReArm", onOff(rearms(condition, action.flags())));
        var title =
                Character.toUpperCase(action.type().charAt(0)) + action.type().substring(1);
        var command = action.parameters().get("command");
        if (command != null) {
            labels.put(title + " Line", line(command));
        } else if (action.type().equals("restart") && !entity.command().isEmpty()) {
            labels.put(title + " Line", ShellWords.line(entity.command()));
        }
        labels.put("Action type", action.type());
        action.parameters().forEach((name, value) -> {
            if (!name.equals("command")) {
                labels.put("Parameter " + name, line(value));
            }
        });
        labels.put("Enabled", onOff(action.enabled()));
        labels.put("Flags", action.flags());
        labels.put("On fail", action.onFail().stream().map(NodeLine::of).toList());
        return labels;
    }

    private static Map<String, Object> begin(HamPath path, EntityView entity) {
        var labels = new LinkedHashMap<String, Object>();
        labels.put("Path", path.toString());
        labels.put("Entity Pid", entity.pid().orElse(0));
        return labels;
    }

    private static boolean rearms(ConditionView condition, List<String> flags) {
        var dies = condition.type().equals("death") || condition.type().equals("abnormal-death");
        return flags.contains("rearm") || (!dies && !flags.contains("no-rearm"));
    }

    private static String entityType(EntityView entity) {
        return switch (entity.kind()) {
            case "external" -> "ATTACHED";
            case "self" -> "SELFATTACHED";
            default -> entity.kind().toUpperCase(Locale.ROOT);
        };
    }

    private static String conditionType(ConditionView condition) {
        return "COND" + condition.type().replace("-", "").toUpperCase(Locale.ROOT);
    }

    private static String line(Object value) {
        return value instanceof List<?> words
                ? ShellWords.line(words.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private static String onOff(boolean on) {
        return on ? "ON" : "OFF";
    }

    private static String stamp(String iso) {
        try {
            return STAMP.format(Instant.parse(iso).atZone(ZoneId.systemDefault()));
        } catch (DateTimeParseException _) {
            return iso;
        }
    }
}
