package org.ham.shell;

import java.io.PrintWriter;
import java.util.List;
import org.ham.api.ActionView;
import org.ham.api.ConditionView;
import org.ham.api.EntityView;
import org.ham.api.HeartbeatView;
import org.ham.api.NodeLine;
import org.ham.api.ShellWords;

/** Draws an entity with what is below it. */
final class TreePrinter {
    private final PrintWriter out;

    TreePrinter(PrintWriter out) {
        this.out = out;
    }

    void print(EntityView entity) {
        var line = new StringBuilder(entity.name());
        entity.pid().ifPresent(pid -> line.append("  pid ").append(pid));
        if (!entity.kind().equals("global")) {
            line.append("  ").append(entity.status());
        }
        if (entity.kind().equals("external")) {
            line.append("  restarts ").append(entity.restarts());
        } else {
            line.append("  ").append(entity.kind());
        }
        if (entity.state() != 0) {
            line.append("  state ").append(entity.state());
        }
        if (entity.ready()) {
            line.append("  ready");
        }
        entity.heartbeat().ifPresent(beats -> line.append("  ").append(text(beats)));
        if (!entity.text().isEmpty()) {
            line.append("  ").append(ShellWords.quoted(entity.text()));
        }
        line.append(NodeLine.flags(entity.flags())).append(NodeLine.switched(entity.enabled()));
        entity.lastReason()
                .ifPresent(
                        reason -> line.append("  (last death: ").append(reason).append(")"));
        out.println(line);
        branches("", entity.conditions(), this::condition);
    }

    private void condition(String indent, String branch, ConditionView condition) {
        out.println(indent
                + branch
                + NodeLine.title(condition.name(), condition.type())
                + match(condition)
                + NodeLine.flags(condition.flags())
                + NodeLine.switched(condition.enabled()));
        branches(deeper(indent, branch), condition.actions(), this::action);
    }

    private void action(String indent, String branch, ActionView action) {
        out.println(indent + branch + NodeLine.of(action));
        branches(
                deeper(indent, branch),
                action.onFail(),
                (below, twig, item) -> out.println(below + twig + "on fail: " + NodeLine.of(item)));
    }

    static String text(HeartbeatView beats) {
        return "heartbeat " + beats.state() + " (" + Durations.text(beats.periodNanos()) + ", low " + beats.low()
                + ", high " + beats.high() + (beats.selfHealing() ? ", self-healing" : "") + ")";
    }

    private static String match(ConditionView condition) {
        return condition
                        .onState()
                        .map(match -> "  from " + match.from() + " to " + match.to())
                        .orElse("")
                + condition.onRaise().map(match -> "  " + match).orElse("");
    }

    private static String deeper(String indent, String branch) {
        return indent + (branch.startsWith("└") ? "   " : "│  ");
    }

    private static <T> void branches(String indent, List<T> items, Branch<T> each) {
        for (var i = 0; i < items.size(); i++) {
            each.draw(indent, i == items.size() - 1 ? "└─ " : "├─ ", items.get(i));
        }
    }

    /** Draws one item at a branch. */
    private interface Branch<T> {
        void draw(String indent, String branch, T item);
    }
}
