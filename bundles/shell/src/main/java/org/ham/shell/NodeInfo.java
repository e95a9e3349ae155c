package org.ham.shell;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ham.api.ActionView;
import org.ham.api.ConditionView;
import org.ham.api.EntityView;
import org.ham.api.HeartbeatView;
import org.ham.api.Status;

/** What {@code ham info} tells of a node: the original's labels first, then ours. */
final class NodeInfo {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss:nnnnnnnnn", Locale.ROOT);

    private NodeInfo() {}

    static Map<String, Object> of(Status status, Path runDir) {
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

    static Map<String, Object> of(Selection node) {
        if (node.action().isPresent()) {
            return action(node, node.condition().orElseThrow(), node.action().get());
        }
        return node.condition().map(condition -> condition(node, condition)).orElseGet(() -> entity(node));
    }

    private static Map<String, Object> entity(Selection node) {
        var entity = node.entity();
        var labels = begin(node);
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
            labels.put("Start Line", Words.line(entity.command()));
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

    private static Map<String, Object> condition(Selection node, ConditionView condition) {
        var labels = begin(node);
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

    private static Map<String, Object> action(Selection node, ConditionView condition, ActionView action) {
        var labels = begin(node);
        labels.put("Action ReArm", onOff(rearms(condition, action.flags())));
        var title =
                Character.toUpperCase(action.type().charAt(0)) + action.type().substring(1);
        var command = action.parameters().get("command");
        if (command != null) {
            labels.put(title + " Line", line(command));
        } else if (action.type().equals("restart") && !node.entity().command().isEmpty()) {
            labels.put(title + " Line", Words.line(node.entity().command()));
        }
        labels.put("Action type", action.type());
        action.parameters().forEach((name, value) -> {
            if (!name.equals("command")) {
                labels.put("Parameter " + name, line(value));
            }
        });
        labels.put("Enabled", onOff(action.enabled()));
        labels.put("Flags", action.flags());
        labels.put("On fail", action.onFail().stream().map(TreePrinter::text).toList());
        return labels;
    }

    private static Map<String, Object> begin(Selection node) {
        var labels = new LinkedHashMap<String, Object>();
        labels.put("Path", node.path().toString());
        labels.put("Entity Pid", node.entity().pid().orElse(0));
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
                ? Words.line(words.stream().map(String::valueOf).toList())
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
